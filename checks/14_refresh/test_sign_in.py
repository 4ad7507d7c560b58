"""Checks of refresh.sign_in: tries are counted, whatever becomes of the request."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import HTTPException
from pydantic import SecretStr
from sqlalchemy import func, select, update

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

Asked = Callable[..., Awaitable[SimpleNamespace]]
Count = Callable[[], Awaitable[int]]
LENA, BOB = "lena@example.com", "bob@example.com"
PASSWORDS = {LENA: "correct horse battery", BOB: "a word that is Bob's"}
NUMBERS = {LENA: 311, BOB: 17}
CLOSED = ("closed@example.com", "closed, but it was right")
MOST = 5
"""How many tries go on; fewer than in Waybill, so that a check is soon through."""

pytestmark = pytest.mark.usefixtures("known", "fewer")


@pytest.fixture
def fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let fewer tries go on."""
    from waybill import accounts

    most = getattr(accounts, "MOST_TRIES", None)
    assert most == 100, f"MOST_TRIES is {most}, and 100 are given."
    assert timedelta(days=1) == accounts.WINDOW, f"WINDOW is {accounts.WINDOW}."
    monkeypatch.setattr(accounts, "MOST_TRIES", MOST)


@pytest.fixture
def ask(sessions: "Sessions", passwords: Any) -> Asked:  # noqa: ANN401
    """Return a function that signs in, in a request that ends as one does.

    Where nobody is signed in, the request ends with an exception. Returned is the
    account's id, the status of a refusal, and its headers.
    """

    async def ask(
        email: str, password: str = "", *, commit: bool = True
    ) -> SimpleNamespace:
        from waybill.accounts import sign_in

        outcome = SimpleNamespace(id=None, status=401, headers={})
        secret = SecretStr(password or PASSWORDS[email])
        try:
            async with sessions.begin() as session:
                found = await sign_in(session, passwords, email, secret)
                if found is None:
                    raise HTTPException(401)
                outcome.id, outcome.status = found.id, 200
                if not commit:
                    raise HTTPException(503)
        except HTTPException as error:
            outcome.status = error.status_code
            outcome.headers = dict(error.headers or {})
        return outcome

    return ask


@pytest.fixture
def count(sessions: "Sessions") -> Count:
    """Return a function that counts the tries that are kept."""

    async def count() -> int:
        from waybill.tables import Try

        async with sessions() as session:
            return await session.scalar(select(func.count(Try.id))) or 0

    return count


@pytest.fixture
def remember(sessions: "Sessions") -> Callable[..., Awaitable[None]]:
    """Return a function that keeps tries of long ago."""

    async def remember(email: str, *ages: timedelta) -> None:
        from waybill.accounts import key_of
        from waybill.tables import Try

        now = datetime.now(UTC)
        async with sessions.begin() as session:
            session.add_all([Try(key=key_of(email), at=now - age) for age in ages])

    return remember


# - Each try is kept, whatever becomes of the request, and before anything is hashed.
async def test_a_try_survives_a_refusal(ask: Asked, count: Count) -> None:
    """Each try is kept, although a request that is refused is rolled back."""
    for number, email in enumerate((LENA, "nobody@example.com", "no address"), 1):
        outcome = await ask(email, "a wrong one, and long")
        assert outcome.status == 401, f"A wrong password came to {outcome.status}."
        found = await count()
        assert found == number, (
            f"So far, wrong passwords tried: {number}, each in a request that ended in "
            f"a 401. Tries that are kept: {found}. What is added to the session of the "
            "request is rolled back with it: commit in one of your own."
        )


async def test_it_is_kept_before_argon2(
    ask: Asked,
    count: Count,
    passwords: Any,  # noqa: ANN401
) -> None:
    """A try is kept before anything is hashed, so that a crash forgets nothing."""
    for email in (LENA, "nobody@example.com"):
        before, seen = await count(), []

        async def look(seen: list[int] = seen) -> None:
            seen.append(await count())

        passwords.meanwhile.append(look)
        await ask(email, "a wrong one, and long")
        assert seen == [before + 1], (
            f"While Argon2 worked for {email}, {seen} tries were kept; {before + 1} "
            "should be. Many requests would pass while the first one is hashed."
        )


# - Of the tries with one key within `WINDOW`, `MOST_TRIES` go on,
@pytest.mark.parametrize("email", [LENA, "nobody@example.com", "no address"])
async def test_so_many_go_on(
    ask: Asked,
    email: str,
    passwords: Any,  # noqa: ANN401
) -> None:
    """So many tries go on; every further one is a 429, and nothing is hashed."""
    found = [(await ask(email, f"guess {n}, long")).status for n in range(MOST + 2)]
    assert found == [401] * MOST + [429] * 2, (
        f"With MOST_TRIES = {MOST}, {MOST + 2} wrong passwords for {email} came to "
        f"{found}."
    )
    passwords.work.clear()
    await ask(email, "one more, and long")
    assert not passwords.work, "A try was refused, and Argon2 worked for it."


async def test_the_right_one_is_refused_too(ask: Asked) -> None:
    """After too many, the right password is refused like any other."""
    for number in range(MOST):
        await ask(LENA, f"guess {number}, long")
    outcome = await ask(LENA)
    assert outcome.status == 429, (
        f"After {MOST} wrong passwords the right one came to {outcome.status}. Whoever "
        "guesses would notice which one it is."
    )


async def test_many_at_once(ask: Asked, passwords: Any) -> None:  # noqa: ANN401
    """Of many at the same moment, no more go on."""
    tries = (ask(LENA, f"guess {number}, long") for number in range(MOST + 4))
    found = [one.status for one in await asyncio.gather(*tries)]
    went_on = found.count(401)
    assert went_on <= MOST, (
        f"{MOST + 4} passwords came at the same moment, and {went_on} went on to "
        f"Argon2; {MOST} may. Keep the try first, and count then."
    )
    assert len(passwords.work) == went_on, "Argon2 worked for a try that was refused."


async def test_another_process_counts(
    ask: Asked,
    rival: Callable[[str, str], list[str]],
) -> None:
    """Tries that another process has kept count as well."""
    from waybill.accounts import key_of

    soon = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    rows = ", ".join([f"('{key_of(LENA)}', '{soon}')"] * MOST)
    done = rival(f"INSERT INTO tries (key, at) VALUES {rows}", "INSERT")  # noqa: S608
    outcome = await ask(LENA)
    assert done, "sign_in kept no try."
    assert outcome.status == 429, (
        f"Right before this try was kept, another process kept {MOST} of its own, and "
        f"this one came to {outcome.status}. Count after the commit."
    )


async def test_a_refusal_says_for_how_long(
    ask: Asked, remember: Callable[..., Awaitable[None]]
) -> None:
    """`Retry-After` tells when the oldest try leaves the window."""
    ages = [timedelta(hours=hours) for hours in (20, 9, 3, 2, 1)]
    await remember(LENA, *ages[:MOST])
    outcome = await ask(LENA)
    assert outcome.status == 429, f"{MOST} tries were kept; this is {outcome.status}."
    said = int(outcome.headers.get("Retry-After", 0))
    assert 4 * 3600 - 60 <= said <= 4 * 3600 + 1, (
        f"The oldest of {MOST} tries is 20 hours old, and leaves the window of a day "
        f"in 4 hours; `Retry-After` says {said} seconds."
    )


async def test_it_ends_by_itself(
    ask: Asked, remember: Callable[..., Awaitable[None]]
) -> None:
    """What is older than the window doesn't count."""
    day, second = timedelta(days=1), timedelta(seconds=30)
    await remember(LENA, *[day + second] * (MOST + 4))
    assert (await ask(LENA)).status == 200, (
        f"{MOST + 4} tries are older than a day, and Lena's password was refused."
    )
    await remember(BOB, *[day - second] * MOST)
    assert (await ask(BOB)).status == 429, (
        f"{MOST} tries are a little younger than a day, and one more went on."
    )


# - A try that is refused isn't kept.
async def test_a_refused_try_is_not_kept(
    ask: Asked, remember: Callable[..., Awaitable[None]], count: Count
) -> None:
    """Tries that are refused make nobody wait for longer."""
    await remember(LENA, *[timedelta(hours=1)] * MOST)
    for _ in range(3):
        await ask(LENA, "one more, and long")
        found = await count()
        assert found == MOST, (
            f"{MOST} tries were kept, another was refused, and {found} are kept. Who "
            "goes on guessing would keep Lena out for ever."
        )


# - An address that nobody has is counted as any other;
async def test_others_are_not_touched(ask: Asked, count: Count) -> None:
    """Tries at one account refuse nobody at another one."""
    for number in range(MOST + 1):
        await ask(LENA, f"guess {number}, long")
        await ask("nobody@example.com", f"guess {number}, long")
    for email, wanted in ((BOB, 200), (LENA, 429), ("nobody@example.com", 429)):
        password = PASSWORDS.get(email, "whatever it is")
        outcome = await ask(email, password)
        assert outcome.status == wanted, (
            f"Too often tried were Lena and nobody; {email} came to {outcome.status} "
            f"instead of {wanted}."
        )
    found = await count()
    assert found == 2 * MOST, f"{2 * MOST} tries should be kept, and {found} are."


async def test_all_spellings_are_one(ask: Asked) -> None:
    """All spellings of an address are counted as one, and so is all that is none."""
    spelt = ["LENA@example.com", f"Lena <{LENA}>", " lena@EXAMPLE.com ", LENA, LENA]
    for email in spelt[:MOST]:
        await ask(email, "a wrong one, and long")
    assert (await ask(LENA)).status == 429, "Each spelling had tries of its own."
    for text in ["lena", "%", "\x00", "a@b@c", "x" * 5000]:
        await ask(text, "a wrong one, and long")
    assert (await ask("another", "a wrong one, and long")).status == 429, (
        "Texts that are no address had tries of their own: a bot fills the table."
    )


# - A success forgets the tries with its key.
async def test_a_success_forgets(ask: Asked, count: Count) -> None:
    """A success forgets the tries at that account, and no others."""
    await ask(BOB, "a wrong one, and long")
    for _ in range(2):
        for number in range(MOST - 1):
            await ask(LENA, f"guess {number}, long")
        outcome = await ask(LENA)
        assert (outcome.status, outcome.id) == (200, NUMBERS[LENA]), (
            f"Try {MOST} was the right one, and came to {outcome.status}."
        )
        found = await count()
        assert found == 1, (
            f"Lena is signed in. Of her tries and Bob's one, {found} are kept."
        )


async def test_only_a_success_forgets(ask: Asked, count: Count) -> None:
    """A closed account, or a request that failed, forgets nothing."""
    await ask(*CLOSED)
    await ask(LENA, "a wrong one, and long")
    await ask(LENA, commit=False)
    found = await count()
    assert found == 3, (
        "A closed account was tried with its password, Lena's once with a wrong one, "
        "and once with hers in a request that failed. All three tries are kept; "
        f"{found} were. Forget in `session`, for the caller to commit."
    )


# - Each try forgets up to two that are older than `WINDOW`.
async def test_old_ones_go(
    ask: Asked, remember: Callable[..., Awaitable[None]], count: Count
) -> None:
    """Each try forgets up to two that are older than the window, whoever's they are."""
    day = timedelta(days=1)
    await remember("zoe@example.com", *[day * 2] * 3, timedelta(hours=23))
    for wanted in (3, 3, 4):
        await ask(BOB, "a wrong one, and long")
        found = await count()
        assert found == wanted, (
            "Three tries of others are over and one is not; each try of Bob's adds one "
            f"and forgets two. {found} are kept instead of {wanted}."
        )


# - While Argon2 works, no connection is taken.
async def test_no_connection_waits(
    ask: Asked,
    passwords: Any,  # noqa: ANN401
    engine: "AsyncEngine",
) -> None:
    """While Argon2 works no connection is taken, and in the end all are back."""
    for email in (LENA, "nobody@example.com", "no address"):
        for _ in range(MOST + 1):
            await ask(email, "a wrong one, and long")
    await ask(BOB)
    assert max(passwords.lent) == 0, (
        "While a request waited for Argon2 it held a connection. Let your own session "
        "end before the wait."
    )
    pool: Any = engine.sync_engine.pool
    assert not pool.checkedout(), "A connection is still lent in the end."


# - All else is as it was in lesson 12.
async def test_the_rest_is_as_it_was(
    ask: Asked,
    passwords: Any,  # noqa: ANN401
) -> None:
    """The right password signs in; all others are None, for one piece of work."""
    for email in (LENA, BOB, "Lena@Example.com"):
        key = email.lower()
        outcome = await ask(email, PASSWORDS[key])
        assert outcome.id == NUMBERS[key], f"{email} signed in, and got {outcome}."
    for email, password in (
        (LENA, PASSWORDS[BOB]),
        ("nobody@example.com", PASSWORDS[LENA]),
        CLOSED,
        ("%@example.com", PASSWORDS[LENA]),
        (BOB, f"hash of {PASSWORDS[BOB]}"),
    ):
        passwords.work.clear()
        outcome = await ask(email, password)
        assert outcome.status == 401, (
            f"{email} with {password!r} came to {outcome.status}."
        )
        assert len(passwords.work) == 1, (
            f"{email} was refused, for {passwords.work}: once `hash` or `verify`."
        )


# - All else is as it was in lesson 12.
async def test_hashes_change_as_they_did(
    ask: Asked,
    passwords: Any,  # noqa: ANN401
    sessions: "Sessions",
) -> None:
    """A weak hash is replaced by a success; a password changed meanwhile refuses."""
    from waybill.tables import Credential

    lenas = update(Credential).where(Credential.account_id == NUMBERS[LENA])

    async def put(value: str) -> None:
        async with sessions.begin() as session:
            await session.execute(lenas.values(hash=value))

    async def kept() -> str:
        async with sessions() as session:
            return (await session.get_one(Credential, NUMBERS[LENA])).hash

    weak = f"old hash of {PASSWORDS[LENA]}"
    await put(weak)
    await ask(LENA, "a wrong one, and long")
    assert await kept() == weak, "A refusal changed Lena's hash."
    assert (await ask(LENA)).status == 200, "Lena's weak hash fits, and was refused."
    assert await kept() == weak.removeprefix("old "), "Her weak hash is still stored."
    passwords.meanwhile.append(lambda: put("hash of another one"))
    outcome = await ask(LENA)
    assert outcome.status == 401, (
        "Lena's password was changed while Argon2 worked, and the old one signed in."
    )
    assert await kept() == "hash of another one", "What was changed was written over."
