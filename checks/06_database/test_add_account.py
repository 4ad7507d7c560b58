"""Checks of database.add_account: an address that somebody else wants too."""

import sqlite3
from typing import TYPE_CHECKING

import pytest
from fastapi import HTTPException
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

if TYPE_CHECKING:
    from waybill.tables import Account, Role

Sessions = async_sessionmaker[AsyncSession]


async def kept(sessions: Sessions) -> list[str]:
    """Return the addresses of the accounts that are stored."""
    from waybill.tables import Account

    async with sessions() as session:
        return list(await session.scalars(select(Account.email).order_by(Account.id)))


async def add(sessions: Sessions, email: str, *role: "Role") -> "Account":
    """Add an account in a transaction of its own."""
    from waybill.store import add_account

    async with sessions.begin() as session:
        return await add_account(session, email, *role)


async def refusal(sessions: Sessions, email: str) -> str:
    """Return the name of the exception that ends an attempt, or nothing."""
    from waybill.store import EmailTakenError

    try:
        await add(sessions, email)
    except (EmailTakenError, IntegrityError, HTTPException) as error:
        return type(error).__name__
    return ""


# - The account is stored and returned,
async def test_an_account_is_added(sessions: Sessions) -> None:
    """An account is stored, and returned with its id, address and role."""
    from waybill.store import add_account
    from waybill.tables import Account, Role

    longest = f"{'l' * 300}+{'1' * 7}@example.com"  # the column takes 320
    roles = {
        "lena@example.com": (),
        "ada@example.com": (Role.COURIER,),
        longest: (Role.DISPATCHER,),
    }
    for number, (email, role) in enumerate(roles.items(), start=1):
        async with sessions.begin() as session:
            account = await add_account(session, email, *role)
            assert isinstance(account, Account), (
                f"add_account returned {account!r}. Return the Account."
            )
            came_back = (account.id, account.email, account.role)
        wanted = (number, email, *(role or (Role.SENDER,)))
        assert came_back == wanted, (
            f"The new account came back with id, address and role {came_back}; "
            f"expected was {wanted}."
            f"{'' if account.id else ' The id is known once the INSERT was sent.'}"
        )
    found = await kept(sessions)
    assert found == [*roles], (
        f"{len(roles)} accounts were added and committed. Stored: {found}."
    )


# - An address that is taken raises `EmailTakenError`,
async def test_a_taken_address_is_refused(sessions: Sessions) -> None:
    """An address that has an account raises `EmailTakenError`."""
    await add(sessions, "lena@example.com")
    raised = await refusal(sessions, "lena@example.com")
    assert raised == "EmailTakenError", (
        f"lena@example.com has an account, and a second one "
        f"{f'ended in {raised}' if raised else 'was accepted'}. Expected was "
        f"EmailTakenError, which says it in Waybill's own words."
    )


@pytest.mark.usefixtures("other_words")
async def test_another_database_has_other_words(sessions: Sessions) -> None:
    """A taken address is known by the error's class, whatever its words are."""
    await add(sessions, "lena@example.com")
    raised = await refusal(sessions, "lena@example.com")
    assert raised == "EmailTakenError", (
        f"Another database refused a taken address in other words than SQLite's, and "
        f"add_account ended in {raised}. Every database raises an IntegrityError; what "
        f"its text says differs."
    )


async def test_a_race_is_lost_in_good_order(
    sessions: Sessions, engine: AsyncEngine
) -> None:
    """An address that is taken at the last moment raises `EmailTakenError` too."""
    rivals: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def be_faster(*details: object) -> None:
        # Another process takes the address right before the INSERT is sent.
        if str(details[2]).upper().startswith("INSERT") and not rivals:
            rivals.append("ada@example.com")
            rival = sqlite3.connect(str(engine.url.database), timeout=5)
            rival.execute(
                "INSERT INTO accounts (email, role, active) VALUES (?, 'SENDER', 1)",
                rivals,
            )
            rival.commit()
            rival.close()

    raised = await refusal(sessions, "ada@example.com")
    assert rivals, (
        "add_account sent no INSERT into the table of accounts. What did it add?"
    )
    assert raised == "EmailTakenError", (
        f"Nobody had the address ada@example.com when add_account began; somebody else "
        f"took it right before the INSERT. The answer "
        f"{f'was {raised}, a 500 for the client' if raised else 'was an account'}. "
        f"Looking first is not enough: believe what the INSERT says."
    )
    found = await kept(sessions)
    assert found == rivals, f"The rival was first, and stored are: {found}."


# - The address is kept in small letters,
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lena@example.com", "lena@EXAMPLE.com"),
        ("LENA@EXAMPLE.COM", "lena@example.com"),
        ("lena@example.com", "Lena@Example.COM"),
        ("Weiß@example.com", "weiß@EXAMPLE.com"),
        ("ÉLODIE@EXAMPLE.COM", "Élodie@example.com"),
    ],
)
async def test_case_makes_no_difference(
    sessions: Sessions, first: str, second: str
) -> None:
    """The address is kept in small letters, and its case makes no second account."""
    await add(sessions, first)
    found = await kept(sessions)
    wanted = first.lower()
    assert found == [wanted], (
        f"The address {first} was stored as {found}; ['{wanted}'] was expected. In "
        f"small letters it is found again however it is typed. (Python's lower() knows "
        f"every alphabet, and SQLite's only A to Z.)"
    )
    raised = await refusal(sessions, second)
    assert raised == "EmailTakenError", (
        f"{first} has an account, and {second} "
        f"{f'ended in {raised}' if raised else 'got another'}. It is the same address."
    )


# - The caller commits.
async def test_the_caller_decides(sessions: Sessions) -> None:
    """The caller commits: what it rolls back is gone."""
    from waybill.store import add_account

    async with sessions() as session:
        account = await add_account(session, "lena@example.com")
        assert account in session, (
            "The account that came back does not belong to the session it was added "
            "with, so the caller can't go on with it."
        )
        await session.rollback()
    found = await kept(sessions)
    assert found == [], (
        f"The caller rolled back, and {found} is stored: add_account has ended the "
        f"transaction (on SQLite a savepoint does, too). Send the INSERT, no more."
    )


async def test_nothing_is_kept_of_a_refusal(sessions: Sessions) -> None:
    """Of a transaction that ended in `EmailTakenError` nothing is kept."""
    from waybill.store import EmailTakenError, add_account

    await add(sessions, "lena@example.com")
    try:
        async with sessions.begin() as session:
            await add_account(session, "ada@example.com")
            await add_account(session, "lena@example.com")
    except EmailTakenError:
        pass
    found = await kept(sessions)
    assert found == ["lena@example.com"], (
        f"A transaction added ada@… and then lena@…, which is taken. All of it is "
        f"rolled back, and stored are: {found}."
    )
    await add(sessions, "ada@example.com")
    assert await kept(sessions) == ["lena@example.com", "ada@example.com"], (
        "After a refusal, the next account could not be added."
    )


# - Any other error of the database stays what it is,
async def test_other_errors_are_raised(sessions: Sessions, engine: AsyncEngine) -> None:
    """An `OperationalError`, such as a missing table, is raised as it is."""
    from waybill.store import EmailTakenError

    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE accounts"))
    raised = ""
    try:
        await add(sessions, "lena@example.com")
    except (OperationalError, EmailTakenError) as error:
        raised = type(error).__name__
    assert raised == "OperationalError", (
        f"The table of accounts was gone. Expected was the database's own "
        f"OperationalError, and {raised or 'nothing'} was raised: Lena would look for "
        f"an account that she never had. Catch only what says that it is taken."
    )
