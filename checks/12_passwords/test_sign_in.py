"""Checks of passwords.sign_in: whose address and password these are."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.passwords import Passwords

    Sessions = async_sessionmaker[AsyncSession]

Make = Callable[..., "Passwords"]

PASSWORDS = {
    "lena@example.com": "correct horse battery",
    "ada@example.com": "  staple with spaces ",
    "bob@example.com": "bob was sent away",
}
IDS = {"lena@example.com": 41, "ada@example.com": 7, "bob@example.com": 19}
INACTIVE = "bob@example.com"
HEADER_ONLY = "demo@example.com"
"""Has an account since it wrote its name into a header, and no credential."""

REFUSALS = {
    "an unknown address": ("nobody@example.com", "correct horse battery"),
    "a wrong password": ("lena@example.com", "incorrect horse"),
    "somebody else's password": ("lena@example.com", PASSWORDS["ada@example.com"]),
    "an inactive account with its password": (INACTIVE, PASSWORDS[INACTIVE]),
    "an inactive account with a wrong password": (INACTIVE, "incorrect horse"),
    "an account without a credential": (HEADER_ONLY, "correct horse battery"),
}


@pytest.fixture
def passwords(make_passwords: Make) -> "Passwords":
    """What hashes passwords now."""
    return make_passwords()


@pytest.fixture(autouse=True)
async def known(sessions: "Sessions", work: list[str], passwords: "Passwords") -> None:
    """Lena and Ada, Bob who is inactive, and one without a credential."""
    from waybill.tables import Account, Credential

    async with sessions.begin() as session:
        session.add(Account(id=3, email=HEADER_ONLY))
        for email, id_ in IDS.items():
            session.add(Account(id=id_, email=email, active=email != INACTIVE))
        await session.flush()
        for email, id_ in IDS.items():
            hashed = await passwords.hash(SecretStr(PASSWORDS[email]))
            session.add(Credential(account_id=id_, hash=hashed))
    work.clear()


async def whose(
    sessions: "Sessions", passwords: "Passwords", email: str, password: str
) -> int | None:
    """Sign in, in a transaction of its own; return the account's id, or None."""
    from fastapi import HTTPException
    from sqlalchemy.exc import IntegrityError, NoResultFound

    from waybill.accounts import sign_in
    from waybill.tables import Account

    tried = f"{email!a} with {password!a}"
    try:
        async with sessions.begin() as session:
            found = await sign_in(session, passwords, email, SecretStr(password))
            assert found is None or isinstance(found, Account), (
                f"sign_in was asked for {tried} and returned {found!r}. Return the "
                "Account, or None."
            )
            assert found is None or found in session, (
                f"sign_in was asked for {tried}, and the account it returned does not "
                "belong to the session it was given."
            )
    except HTTPException as error:
        raise AssertionError(
            f"sign_in was asked for {tried} and raised an HTTPException, "
            f"{error.status_code}: “{error.detail}”. Each reason that can be told "
            "apart tells a stranger something: return None for all of them."
        ) from None
    except NoResultFound:
        raise AssertionError(
            f"sign_in was asked for {tried}, and a query that must find one row found "
            "none: `.one()` raises NoResultFound. There are accounts without a "
            "credential, and addresses without an account."
        ) from None
    except UnicodeEncodeError:
        raise AssertionError(
            f"sign_in was asked for {tried}, and raised UnicodeEncodeError: UTF-8 "
            "can't encode half a character, such as \\ud800. Nobody's address or "
            "password has one, so return None."
        ) from None
    except IntegrityError as error:
        raise AssertionError(
            f"sign_in was asked for {tried}, and the database refused what it changed: "
            f"{error.orig}. `verify` returns None where no new hash is due."
        ) from None
    return None if found is None else found.id


async def hash_of(sessions: "Sessions", email: str) -> str:
    """Return the hash that is stored for an account."""
    from sqlalchemy import select

    from waybill.tables import Credential

    query = select(Credential.hash).where(Credential.account_id == IDS[email])
    async with sessions() as session:
        return (await session.scalars(query)).one()


@pytest.mark.parametrize("email", ["lena@example.com", "ada@example.com"])
async def test_the_password_tells_whose_it_is(
    sessions: "Sessions", passwords: "Passwords", email: str
) -> None:
    """Address and password of an active account come to that account."""
    found = await whose(sessions, passwords, email, PASSWORDS[email])
    assert found == IDS[email], (
        f"{email} signed in with the right password, and sign_in returned "
        f"{f'the account {found}' if found else 'None'}; {IDS[email]} was expected."
    )


async def test_a_wrong_password_is_nobodys(
    sessions: "Sessions", passwords: "Passwords"
) -> None:
    """A wrong password comes to None, whoever else's it may be."""
    wrong = ("Correct horse battery", "", PASSWORDS["ada@example.com"])
    for password in wrong:
        found = await whose(sessions, passwords, "lena@example.com", password)
        assert found is None, (
            f"Lena's password was not {password!r}, and sign_in returned the account "
            f"{found}. `verify` returns two things; a tuple itself is always true."
        )


async def test_no_refusal_says_why(
    sessions: "Sessions", passwords: "Passwords"
) -> None:
    """Every refusal is None: unknown, wrong, inactive, without a credential."""
    for what, (email, password) in REFUSALS.items():
        found = await whose(sessions, passwords, email, password)
        assert found is None, (
            f"Tried was {what} ({email}), and sign_in returned the account {found}; "
            "None was expected."
        )


@pytest.mark.parametrize("what", REFUSALS)
async def test_every_refusal_costs_the_same(
    sessions: "Sessions",
    passwords: "Passwords",
    work: list[str],
    foreign: list[str],
    what: str,
) -> None:
    """A refusal calls `hash` or `verify` once, whatever its reason."""
    # A dummy hash may be made by the first one who needs it.
    await whose(sessions, passwords, "first@example.com", "correct horse battery")
    work.clear()
    foreign.clear()
    await whose(sessions, passwords, *REFUSALS[what])
    assert not foreign, (
        f"Tried was {what}, and `passwords.verify` was handed {foreign[0]!r}. The "
        "`passwords` that sign_in was given did not make that. What it costs to verify "
        "depends on what stands in it, and a difference shows on a stopwatch. Let the "
        "same `passwords` make the dummy."
    )
    called = f"{len(work)} times" + (f" ({', '.join(work)})" if work else "")
    advice = (
        "Without Argon2's work the answer comes at once, and whoever holds a stopwatch "
        "knows why. Do the work, and forget what comes of it."
        if not work
        else "Twice the work takes twice the time, and that tells a reason too."
    )
    assert len(work) == 1, (
        f"Tried was {what}. `hash` and `verify` did Argon2's work {called}; once was "
        f"expected. {advice}"
    )


@pytest.mark.parametrize("email", ["Lena@Example.com", "LENA@EXAMPLE.COM"])
async def test_capitals_make_no_difference(
    sessions: "Sessions", passwords: "Passwords", email: str
) -> None:
    """An address is found in any case of its letters."""
    found = await whose(sessions, passwords, email, PASSWORDS["lena@example.com"])
    assert found == IDS["lena@example.com"], (
        f"{email} signed in with Lena's password, and sign_in returned "
        f"{f'the account {found}' if found else 'None'}. Addresses are kept in small "
        "letters; look them up like that."
    )


async def test_a_weak_hash_is_replaced(
    sessions: "Sessions", passwords: "Passwords", make_passwords: Make
) -> None:
    """A sign-in that succeeds replaces a hash that has become weak, and no other."""
    email = "lena@example.com"
    before = await hash_of(sessions, email)
    await whose(sessions, passwords, email, PASSWORDS[email])
    assert await hash_of(sessions, email) == before, (
        "Lena signed in, her hash was as strong as the settings ask, and it was "
        "replaced all the same."
    )
    stronger = make_passwords(rounds=3)
    found = await whose(sessions, stronger, email, PASSWORDS[email])
    assert found == IDS[email], (
        "The cost was raised, Lena signed in with the right password, and sign_in "
        f"returned {found}."
    )
    after = await hash_of(sessions, email)
    assert after != before, (
        "The cost was raised and Lena signed in: `verify` returned a new hash, and the "
        "old one is still stored."
    )
    said = await stronger.verify(SecretStr(PASSWORDS[email]), after)
    assert said == (True, None), (
        "The cost was raised and Lena signed in. On the hash that was stored then, "
        f"`verify` says {said} to her password; (True, None) was expected."
    )


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("lena@example.com", "incorrect horse"),
        (INACTIVE, PASSWORDS[INACTIVE]),
    ],
)
async def test_a_refusal_changes_nothing(
    sessions: "Sessions", make_passwords: Make, email: str, password: str
) -> None:
    """A refusal leaves even a weak hash as it is."""
    before = await hash_of(sessions, email)
    await whose(sessions, make_passwords(rounds=3), email, password)
    assert await hash_of(sessions, email) == before, (
        f"{email} was refused with {password!r}, and the stored hash is another now. "
        "Replace it only when somebody gets in."
    )


async def test_the_caller_commits(sessions: "Sessions", make_passwords: Make) -> None:
    """What sign_in changes is the caller's to commit."""
    from waybill.accounts import sign_in

    email = "lena@example.com"
    before = await hash_of(sessions, email)
    async with sessions() as session:
        password = SecretStr(PASSWORDS[email])
        await sign_in(session, make_passwords(rounds=3), email, password)
        await session.rollback()
    assert await hash_of(sessions, email) == before, (
        "The caller of sign_in rolled back, and a new hash is stored. Leave the commit "
        "to whoever owns the session."
    )


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("lena@example.com", "correct horse battery\ud800"),
        ("nobody@example.com", "\ud800"),
        ("lena\ud800@example.com", PASSWORDS["lena@example.com"]),
    ],
)
async def test_half_a_character_is_nobodys(
    sessions: "Sessions", passwords: "Passwords", email: str, password: str
) -> None:
    """Half a character, in address or password, comes to None."""
    found = await whose(sessions, passwords, email, password)
    assert found is None, (
        f"Tried was {email!a} with {password!a}, which has half a character, and "
        f"sign_in returned the account {found}; None was expected."
    )
