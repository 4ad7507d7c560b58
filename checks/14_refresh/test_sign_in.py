"""Checks of refresh.sign_in: tries are counted, whatever becomes of the request."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from fastapi import HTTPException
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

Asked = Callable[..., Awaitable[SimpleNamespace]]
Count = Callable[[], Awaitable[int]]
Remember = Callable[..., Awaitable[None]]
Cheap = SimpleNamespace
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
def ask(sessions: "Sessions", passwords: Cheap) -> Asked:
    """Return a function that signs in, in a request that a refusal rolls back."""

    async def ask(email: str, word: str = "", *, commit: bool | None = None) -> Cheap:
        from waybill.accounts import sign_in

        outcome = SimpleNamespace(id=None, status=401, headers={})
        secret = SecretStr(word or PASSWORDS[email])
        try:
            async with sessions.begin() as session:
                found = await sign_in(session, passwords, email, secret)
                if found:
                    outcome.id, outcome.status = found.id, 200
                if not (found if commit is None else commit):
                    raise HTTPException(503 if found else 401)
        except HTTPException as error:
            outcome.status = error.status_code
            outcome.headers = dict(error.headers or {})
        return outcome

    return ask


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
    ask: Asked, count: Count, passwords: Cheap
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


# - Of the tries with one key within `WINDOW`, no more than `MOST_TRIES` go on,
@pytest.mark.parametrize("email", [LENA, "nobody@example.com", "no address"])
async def test_so_many_go_on(ask: Asked, email: str, passwords: Cheap) -> None:
    """So many tries go on; then even the right one is a 429, and nothing is hashed."""
    found = [(await ask(email, f"guess {n}, long")).status for n in range(MOST + 2)]
    assert found == [401] * MOST + [429] * 2, (
        f"With MOST_TRIES = {MOST}, {MOST + 2} wrong passwords for {email} came to "
        f"{found}."
    )
    passwords.work.clear()
    assert (await ask(email, PASSWORDS[LENA])).status == 429, (
        "After too many, the right one isn't a 429: a guesser notices which one it is."
    )
    assert not passwords.work, "A try was refused, and Argon2 worked for it."


async def test_many_at_once(ask: Asked, passwords: Cheap) -> None:
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
    ask: Asked, rival: Callable[[str, str], list[str]]
) -> None:
    """Tries that another process has kept count as well."""
    from waybill.accounts import key_of

    soon = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    rows = ", ".join([f"('{key_of(LENA)}', '{soon}')"] * MOST)
    done = rival(f"INSERT INTO tries (key, at) VALUES {rows}", "")  # noqa: S608
    outcome = await ask(LENA)
    assert done, "sign_in kept no try."
    assert outcome.status == 429, (
        f"Right before this try came, another process kept {MOST} of its own, and this "
        f"one came to {outcome.status}. Count what the table holds."
    )


async def test_a_refusal_says_for_how_long(ask: Asked, remember: Remember) -> None:
    """`Retry-After` tells when the oldest try leaves the window."""
    await remember(LENA, *[timedelta(hours=hours) for hours in (20, 9, 3, 2, 1)])
    outcome = await ask(LENA)
    said = int(outcome.headers.get("Retry-After", 0))
    assert 4 * 3600 - 60 <= said <= 4 * 3600 + 1, (
        f"The oldest of {MOST} tries is 20 hours old, and leaves the window of a day "
        f"in 4 hours; {outcome.status}, and `Retry-After` says {said} seconds."
    )


async def test_it_ends_by_itself(ask: Asked, remember: Remember) -> None:
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
    ask: Asked, remember: Remember, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tries that are refused make nobody wait for longer, and take no other away."""
    await remember(LENA, *[timedelta(hours=1)] * 2)
    at = datetime.now(UTC)
    monkeypatch.setattr("waybill.accounts.now", lambda: at)
    for number in range(3, MOST + 4):  # the last ones came at one moment
        await ask(LENA, "one more, and long")
        found, wanted = await count(), min(number, MOST)
        assert found == wanted, (
            f"Try {number} at one account, where {MOST} may go on: {found} are kept; "
            f"{wanted} should be. A refused one isn't kept, and takes no other with it."
        )


# - An address that nobody has is counted as any other;
async def test_others_are_not_touched(ask: Asked, count: Count) -> None:
    """Tries at one account, in any spelling, refuse nobody at another one."""
    for number in range(MOST + 1):
        spelling = LENA if number % 2 else f"Lena <{LENA.upper()}>"
        await ask(spelling, f"guess {number}, long")
        await ask("nobody@example.com", f"guess {number}, long")
    for email, wanted in ((BOB, 200), (LENA, 429), ("nobody@example.com", 429)):
        password = PASSWORDS.get(email, "whatever it is")
        outcome = await ask(email, password)
        assert outcome.status == wanted, (
            f"Too often tried: Lena, nobody. {email} came to {outcome.status}."
        )
    assert await count() == 2 * MOST, f"{await count()} tries are kept."


# - A success forgets the tries with its key.
async def test_a_success_forgets(ask: Asked, count: Count) -> None:
    """A success forgets the tries at that account, and no others."""
    await ask(BOB, "a wrong one, and long")
    for _ in range(2):
        for number in range(MOST - 1):
            await ask(LENA, f"guess {number}, long")
        outcome = await ask(LENA)
        assert outcome.id == NUMBERS[LENA], f"Try {MOST} came to {outcome.status}."
        assert await count() == 1, f"Lena signed in, {await count()} tries are kept."


async def test_only_a_success_forgets(ask: Asked, count: Count) -> None:
    """A closed account, or a request that failed, forgets nothing."""
    await ask(*CLOSED, commit=True)
    await ask(LENA, "a wrong one, and long")
    await ask(LENA, commit=False)
    found = await count()
    assert found == 3, (
        "A closed account was tried with its password, Lena's once with a wrong one, "
        "and once with hers in a request that failed. All three tries are kept; "
        f"{found} were. Forget in `session`, once it is known who has signed in."
    )


# - Each try forgets up to two that are older than `WINDOW`.
async def test_old_ones_go(ask: Asked, remember: Remember, count: Count) -> None:
    """Each try forgets up to two that are older than the window, whoever's they are."""
    day = timedelta(days=1)
    await remember("zoe@example.com", *[day * 2] * 5, timedelta(hours=23))
    for word, wanted in (("", 4), ("a wrong one", 3), ("another", 3), ("third", 4)):
        await ask(BOB, word)
        found = await count()
        assert found == wanted, (
            "Five of Zoe's tries are over. Each of Bob's forgets two, and a wrong one "
            f"stays. After {word or 'his own'!r}, {found} are kept, not {wanted}."
        )


# - While Argon2 works, no connection is taken.
async def test_no_connection_waits(
    ask: Asked, passwords: Cheap, engine: "AsyncEngine"
) -> None:
    """While Argon2 works no connection is taken, and in the end all are back."""
    for email in [LENA, "nobody@example.com"] * (MOST + 1):
        await ask(email, "a wrong one, and long")
    await ask(BOB)
    assert max(passwords.lent) == 0, (
        "While a request waited for Argon2 it held a connection. Let your own session "
        "end before the wait."
    )
    assert "Checked out connections: 0" in engine.pool.status(), engine.pool.status()


# - All else is as it was in lesson 12.
async def test_the_rest_is_as_it_was(ask: Asked, passwords: Cheap) -> None:
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
        assert outcome.status == 401, f"{email} with {password!r}: {outcome.status}."
        assert len(passwords.work) == 1, (
            f"{email} was refused, for {passwords.work}: once `hash` or `verify`."
        )


# - All else is as it was in lesson 12.
async def test_hashes_change_as_they_did(
    ask: Asked, passwords: Cheap, sessions: "Sessions"
) -> None:
    """A weak hash is replaced by a success; a password changed meanwhile refuses."""
    from waybill.tables import Credential

    async def put(value: str) -> None:
        async with sessions.begin() as session:
            (await session.get_one(Credential, NUMBERS[LENA])).hash = value

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
    assert (await ask(LENA)).status == 401, "Changed meanwhile, the old one signed in."
    assert await kept() == "hash of another one", "What was changed was written over."
