"""Checks of passwords.sign_in: whose address and password these are."""

import ast
import importlib
import inspect
from collections.abc import Awaitable, Callable
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, update

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.passwords import Passwords

    Sessions = async_sessionmaker[AsyncSession]

Make = Callable[..., "Passwords"]
Known = dict[str, SimpleNamespace]
Whose = Callable[..., Awaitable[int | None]]
HashOf = Callable[[SimpleNamespace], Awaitable[str]]
LENA, ADA, BOB = "lena@example.com", "ada@example.com", "bob@example.com"

pytestmark = pytest.mark.usefixtures("known")
REFUSALS = {
    "an unknown address": ("nobody@example.com", "correct horse battery"),
    "a wrong password": (LENA, "incorrect horse"),
    "somebody else's password": (LENA, "  staple with spaces "),
    "an empty password": (LENA, ""),
    "a password with a zero": (LENA, "correct horse battery\0"),
    "half a character more": (LENA, "correct horse battery\ud800"),
    "an inactive account with its password": (BOB, "bob was sent away"),
    "an inactive account with a wrong password": (BOB, "incorrect"),
    "an account without a credential": ("demo@example.com", "correct horse battery"),
}
SPELLINGS = ["Lena@Example.com", f" {LENA} ", f"Lena <{LENA}>", "lena@\uff45xample.com"]
WILDCARDS = ["%@example.com", "l_na@example.com", "%", "lena@example.com' OR '1'='1"]
NO_ADDRESSES = ["", "lena@example.com\0", "lena\ud800@example.com", f"{LENA} <@x.io>"]
ADVICE = {
    "HTTPException": "Each reason that can be told apart tells a stranger something.",
    "NoResultFound": "A row may be missing: ask in a way that returns None then.",
    "InvalidRequestError": "The caller's session goes on: don't end its transaction.",
    "IntegrityError": "`verify` returns None where no new hash is due.",
    "PydanticCustomError": "`canonical` raises a ValueError for what is no address.",
    "'NoneType' object has no": "What isn't there has no attributes: look for None.",
    "get_secret_value": "`hash` and `verify` take the password as a SecretStr.",
}


@pytest.fixture
def whose(sessions: "Sessions", make_passwords: Make) -> Whose:
    """Return a function that signs in, in a transaction; the account's id, or None."""
    hasher = cache(make_passwords)  # one for each number of rounds

    async def whose(email: str, password: str, rounds: int = 2) -> int | None:
        from sqlalchemy import text

        from waybill.accounts import sign_in
        from waybill.tables import Account

        tried = f"sign_in was asked for {email!a} with {password!a}"
        try:
            async with sessions.begin() as session:
                found = await sign_in(
                    session, hasher(rounds), email, SecretStr(password)
                )
                assert found is None or isinstance(found, Account), (
                    f"{tried} and returned {found!r}. Return the Account, or None."
                )
                theirs = found is None or found in session
                assert theirs, f"{tried}, and the account is of another session."
                await session.execute(text("SELECT 1"))  # the caller goes on
        except Exception as error:
            said = f"{type(error).__name__} was raised: {str(error).rstrip('.')}."
            advice = [ADVICE[part] for part in ADVICE if part in said]
            if not advice:
                raise
            raise AssertionError(
                f"{tried}, and {said} An Account or None was expected. {advice[0]}"
            ) from None
        return None if found is None else found.id

    return whose


# - Address and password of an active account return that `Account`, read in `session`.
async def test_the_password_tells_whose_it_is(whose: Whose, known: Known) -> None:
    """Address and password of an active account come to that account."""
    for email in (LENA, ADA):
        found = await whose(email, known[email].password)
        assert found == known[email].id, (
            f"{email} (account {known[email].id}) signed in with the right password, "
            f"and sign_in returned {f'the account {found}' if found else 'None'}."
        )


async def test_the_caller_commits(
    sessions: "Sessions", make_passwords: Make, known: Known, hash_of: HashOf
) -> None:
    """What sign_in changes is the caller's to commit."""
    from waybill.accounts import sign_in

    before, secret = await hash_of(known[LENA]), SecretStr(known[LENA].password)
    async with sessions() as session:
        await sign_in(session, make_passwords(rounds=3), LENA, secret)
        await session.rollback()
    kept = await hash_of(known[LENA])
    assert kept == before, "The caller rolled back, and a new hash is stored."


# - The address is found in any spelling that `canonical` knows.
async def test_any_spelling_will_do(whose: Whose, known: Known) -> None:
    """An address is found in any spelling of it."""
    for email in SPELLINGS:
        found = await whose(email, known[LENA].password)
        assert found == known[LENA].id, (
            f"{email!a} signed in with Lena's password, and sign_in returned "
            f"{f'the account {found}' if found else 'None'}. Signing up keeps what "
            "`canonical(email)` returns; look that up."
        )


# - Every refusal is `None` and never an exception:
async def test_no_refusal_says_why(whose: Whose) -> None:
    """Every refusal is None: unknown, wrong, inactive, without a credential."""
    for what, (email, password) in REFUSALS.items():
        found = await whose(email, password)
        assert found is None, (
            f"Tried was {what} ({email}, {password!a}), and sign_in returned account "
            f"{found}. Is it `active`, and is the first thing from `verify` true?"
        )


# - The address is found in any spelling that `canonical` knows.
async def test_what_only_looks_like_it_is_nobodys(
    whose: Whose, known: Known, sent: list[str]
) -> None:
    """Wildcards, quotes, zeros and halves of characters find nobody."""
    for email in WILDCARDS + NO_ADDRESSES:
        found = await whose(email, known[LENA].password)
        assert found is None, (
            f"{email!a} signed in with Lena's password, and sign_in returned account "
            f"{found}. Compare what `canonical` returns, with ==: LIKE knows wildcards."
        )
        assert "\\x00" not in "".join(sent), (
            f"{email!a} was sent to the database. PostgreSQL can't hold a zero in a "
            "text and raises: anybody could cause a 500. Ask `canonical` first."
        )


# - Every refusal is `None` and never an exception:
@pytest.mark.parametrize("ends", ["closed", "deleted"])
async def test_closed_meanwhile_is_closed(
    whose: Whose, sessions: "Sessions", watched: SimpleNamespace, ends: str
) -> None:
    """An account that was closed or deleted while Argon2 worked is refused."""
    from waybill.tables import Account, Credential

    async def end() -> None:
        async with sessions.begin() as session:
            await session.execute(update(Account).values(active=False))
            for table in (Credential, Account) if ends == "deleted" else ():
                await session.execute(delete(table))

    watched.meanwhile.append(end)
    found = await whose(LENA, "correct horse battery")
    assert found is None, (
        f"While Argon2 worked, Lena's account was {ends}, and sign_in returned it. "
        "What was read before a wait may be old after it: ask for `active` afterwards."
    )


# - Every refusal costs one `hash` or one `verify` of `passwords`.
async def test_every_refusal_costs_the_same(
    whose: Whose, watched: SimpleNamespace
) -> None:
    """A refusal calls `hash` or `verify` once, whatever its reason."""
    # A dummy hash may be made by the first one who needs it.
    await whose("first@example.com", "correct horse battery")
    work, foreign = watched.work, watched.foreign
    for what, (email, password) in REFUSALS.items():
        work.clear()
        foreign.clear()
        await whose(email, password)
        assert not foreign, (
            f"Tried was {what}, and `passwords.verify` was handed {foreign[0]!r}, "
            "which the same `passwords` did not make. A hash of another cost takes "
            "another time, and a stopwatch shows it. Let them make the dummy."
        )
        advice = (
            "Twice the work takes twice the time, and that tells a reason too."
            if work
            else "Without Argon2's work the answer comes at once, and whoever holds a "
            "stopwatch knows why. Do the work, and forget what comes of it."
        )
        assert len(work) == 1, (
            f"Tried was {what}. `hash` and `verify` were called {len(work)} times "
            f"({', '.join(work) or 'neither'}); once was expected. {advice}"
        )


# - If you use a dummy, its password signs nobody in.
@pytest.mark.parametrize("email", ["nobody@example.com", "demo@example.com"])
async def test_no_password_of_the_code_opens_anything(
    whose: Whose, watched: SimpleNamespace, email: str
) -> None:
    """No text in the code, and no password that it makes up, signs anybody in."""
    await whose(email, "the first one needs a dummy")
    source = inspect.getsource(importlib.import_module("waybill.accounts"))
    nodes = [*ast.walk(ast.parse(source))]
    docs = [node.value for node in nodes if isinstance(node, ast.Expr)]
    texts = {getattr(node, "value", None) for node in nodes if node not in docs}
    for password in {*watched.secrets, *(one for one in texts if type(one) is str)}:
        found = await whose(email, password)
        assert found is None, (
            f"{email} has no password, {password!r} was tried, which stands in the "
            f"code or was made up by it, and sign_in returned account {found}. A "
            "dummy's password fits the dummy: look whether there was a credential."
        )


# - While Argon2 works, no connection to the database is taken.
async def test_no_connection_waits_for_argon2(
    whose: Whose, watched: SimpleNamespace, known: Known
) -> None:
    """While Argon2 works, no connection is taken out of the pool."""
    right = (LENA, known[LENA].password)
    tries = {"the password": right, "the password of a weak hash": right, **REFUSALS}
    for what, (email, password) in tries.items():
        await whose(email, password, rounds=2 + ("weak" in what))
        assert watched.lent, f"Tried was {what}, and `passwords` was not asked at all."
        assert max(watched.lent) == 0, (
            f"Tried was {what}. While the request waited for Argon2, it held a "
            "connection, and the pool has few: a crowd of wrong passwords takes them "
            "all. A session keeps its connection from its first statement on. Use "
            "`session` after the wait; before it, `find_hash` has one of its own."
        )


# - Only after a success, a new hash that `verify` offers replaces the old one.
async def test_a_weak_hash_is_replaced(
    whose: Whose, make_passwords: Make, known: Known, hash_of: HashOf
) -> None:
    """A sign-in that succeeds replaces a hash that has become weak, and no other."""
    before, adas = await hash_of(known[LENA]), await hash_of(known[ADA])
    await whose(LENA, known[LENA].password)
    kept = await hash_of(known[LENA])
    assert kept == before, "Lena's hash was as strong as asked, and it was replaced."
    await whose(LENA, known[LENA].password, rounds=3)
    after = await hash_of(known[LENA])
    assert after != before, (
        "The cost was raised and Lena signed in. Her old hash is still stored."
    )
    stronger, secret = make_passwords(rounds=3), SecretStr(known[LENA].password)
    said = await stronger.verify(secret, after)
    assert said == (True, None), (
        f"Lena signed in, and on her new hash `verify` says {said} to her password."
    )
    assert await hash_of(known[ADA]) == adas, "Ada's hash was replaced as well."


async def test_a_refusal_changes_nothing(
    whose: Whose, known: Known, hash_of: HashOf
) -> None:
    """A refusal leaves even a weak hash as it is."""
    for email in (LENA, BOB):
        password = {LENA: "incorrect horse"}.get(email, known[email].password)
        before = await hash_of(known[email])
        await whose(email, password, rounds=3)
        assert await hash_of(known[email]) == before, (
            f"{email} was refused with {password!r}, and the stored hash has changed."
        )


async def test_a_changed_password_stays(
    whose: Whose,
    sessions: "Sessions",
    watched: SimpleNamespace,
    known: Known,
    hash_of: HashOf,
) -> None:
    """A password that was changed while Argon2 worked stays changed."""
    from waybill.tables import Credential

    async def change() -> None:
        lenas = update(Credential).where(Credential.account_id == known[LENA].id)
        async with sessions.begin() as session:
            await session.execute(lenas.values(hash="of her new password"))

    watched.meanwhile.append(change)
    await whose(LENA, known[LENA].password, rounds=3)
    assert await hash_of(known[LENA]) == "of her new password", (
        "Lena changed her password while Argon2 worked. Then a new hash of the old one "
        "was stored over it. Replace only the hash that was verified."
    )
