"""Checks of passwords.credential: a hash for an account, and no password."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import exc, text
from sqlalchemy.orm import DeclarativeBase

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

HASH = "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"


@pytest.fixture
async def known(sessions: "Sessions") -> list[int]:
    """The ids of two accounts."""
    from waybill.tables import Account

    ids = [311, 17]
    async with sessions.begin() as session:
        for id_ in ids:
            session.add(Account(id=id_, email=f"account{id_}@example.com"))
    return ids


def make(**columns: object) -> DeclarativeBase:
    """Return a credential that is not stored yet."""
    from waybill.tables import Credential

    try:
        return Credential(**columns)
    except (TypeError, exc.InvalidRequestError) as error:
        given = ", ".join(f"{name}=…" for name in columns)
        said = str(error).rstrip(".")
        raise AssertionError(
            f"Credential({given}) said: {said}. Two columns have these names: "
            "account_id and hash."
        ) from None


async def refusal(sessions: "Sessions", **columns: object) -> str:
    """Store a credential; return what the database has against it, or nothing."""
    one = make(**columns)
    try:
        async with sessions.begin() as session:
            session.add(one)
    except exc.SQLAlchemyError as error:
        return str(getattr(error, "orig", None) or error).partition("\n")[0]
    return ""


@pytest.fixture
def describe() -> Callable[[], dict[str, object]]:
    """Return a function that tells each column's name and its text's length."""

    def columns() -> dict[str, object]:
        from waybill.tables import Credential

        make(account_id=1, hash=HASH)
        table = Credential.__table__.columns
        return {one.name: getattr(one.type, "length", None) for one in table}

    return columns


# - What stands there stays as it is.
async def test_a_hash_is_kept(sessions: "Sessions", known: list[int]) -> None:
    """A credential keeps a hash for an account."""
    for id_ in known:
        refused = await refusal(sessions, account_id=id_, hash=HASH)
        assert not refused, (
            f"A credential of account {id_} could not be stored: {refused}."
        )
    try:
        async with sessions() as session:
            rows = await session.execute(
                text("SELECT account_id, hash FROM credentials")
            )
    except exc.OperationalError as error:
        raise AssertionError(f"In the database: {error.orig}. Keep the name.") from None
    kept = {row.account_id: row.hash for row in rows}
    assert kept == dict.fromkeys(known, HASH), (
        f"A hash was stored for each of the accounts {known}, and came back as {kept}."
    )


# - What stands there stays as it is.
async def test_an_account_has_one(sessions: "Sessions", known: list[int]) -> None:
    """A second credential of the same account is refused."""
    await refusal(sessions, account_id=known[0], hash=HASH)
    assert await refusal(sessions, account_id=known[0], hash=f"{HASH}2"), (
        f"Account {known[0]} has two credentials now: two passwords open it. Let the "
        "database allow one row for each account_id."
    )


# - A credential of an account that isn't there is refused.
async def test_nobody_has_none(sessions: "Sessions", known: list[int]) -> None:
    """A credential of an account that isn't there is refused."""
    missing = max(known) + 1
    assert await refusal(sessions, account_id=missing, hash=HASH), (
        f"There is no account {missing}, and a credential of it was stored. Say with "
        "a ForeignKey whose id `account_id` is."
    )


# - What stands there stays as it is.
@pytest.mark.filterwarnings("ignore:Column")
@pytest.mark.parametrize("column", ["account_id", "hash"])
async def test_neither_may_be_none(
    sessions: "Sessions", known: list[int], column: str
) -> None:
    """Neither the account nor the hash may be None."""
    from waybill.tables import Credential

    columns = {"account_id": known[0], "hash": HASH} | {column: None}
    of_table = Credential.__table__.columns[column]
    advice = (
        "Its default takes the place of None, and a value that nobody chose is as bad: "
        "leave the default out."
        if of_table.default or of_table.server_default
        else "Mapped[str] is never None, Mapped[str | None] may be."
    )
    assert await refusal(sessions, **columns), (
        f"A credential with None for its `{column}` was stored. {advice}"
    )


# - What stands there stays as it is.
def test_there_is_no_password(describe: Callable[[], dict[str, object]]) -> None:
    """No other column is there, least of all one for a password."""
    names = sorted(describe())
    more = [name for name in names if name not in {"id", "account_id", "hash"}]
    assert not more, (
        f"The table of credentials has the columns {', '.join(names)}. What isn't "
        f"stored can't be stolen: leave out {', '.join(more)}. The salt is in the hash."
    )


# - What stands there stays as it is.
def test_a_hash_has_room(describe: Callable[[], dict[str, object]]) -> None:
    """The hash is a text of up to 255 characters."""
    length = describe()["hash"]
    assert length == 255, (
        f"The column `hash` has the length {length}; 255 was agreed. Say it with "
        "String(…), as for other texts."
    )
