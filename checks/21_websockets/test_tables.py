"""Checks of websockets.tables: a ticket is found by its digest, and has an end."""

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

AT = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
ROW: dict[str, Any] = {"digest": "9b" * 32, "account_id": 7, "depot": "HAM"}


def ticket(**other: object) -> object:
    """Make a row, before it is stored."""
    from waybill.tables import Ticket

    columns = Ticket.__table__.columns
    missing = [name for name in (*ROW, "expires_at") if name not in columns]
    assert not missing, f"`Ticket` has no column `{missing[0]}` yet."
    return Ticket(**(ROW | {"expires_at": AT} | other))


@pytest.fixture
async def known(sessions: "Sessions") -> None:
    """Accounts 7 and 8 are stored."""
    from waybill.tables import Account

    async with sessions.begin() as session:
        session.add_all(Account(id=n, email=f"{n}@example.com") for n in (7, 8))


async def refused(sessions: "Sessions", row: object) -> bool:
    """Tell whether the database refuses a row."""
    try:
        async with sessions.begin() as session:
            session.add(row)
    except IntegrityError:
        return True
    return False


# - `digest` is the key.
@pytest.mark.usefixtures("known")
async def test_the_digest_is_the_key(sessions: "Sessions") -> None:
    """A digest is there once, and nothing else is part of the key."""
    from waybill.tables import Ticket

    key = [column.name for column in Ticket.__table__.primary_key]
    assert key == ["digest"], f"The key of `tickets` is {key}, and should be `digest`."
    assert not await refused(sessions, ticket()), "A first ticket could not be stored."
    assert await refused(sessions, ticket(account_id=8, depot="BER")), (
        "Two tickets with the same digest were stored."
    )
    assert not await refused(sessions, ticket(digest="a0" * 32)), (
        "An account could not have a second ticket for a depot."
    )


# - `expires_at` is a `Moment` that is never empty, with an index.
@pytest.mark.usefixtures("known")
async def test_a_ticket_has_an_end(sessions: "Sessions") -> None:
    """`expires_at` is a moment, is never empty, and has an index."""
    from waybill.tables import Moment, Ticket

    row: Any = ticket()
    assert not await refused(sessions, row), "A ticket could not be stored."
    async with sessions() as session:
        found: Any = await session.get(Ticket, row.digest)
    assert found.expires_at == AT.astimezone(UTC), (
        f"A ticket that ends at {AT} was stored, and ends at {found.expires_at}."
    )
    column = Ticket.__table__.columns["expires_at"]
    assert isinstance(column.type, Moment), (
        f"`expires_at` is of the type {column.type!r}; Waybill's times are a Moment."
    )
    assert not column.nullable, "`expires_at` may be empty: such a ticket never ends."
    indexed = [
        [one.name for one in index.columns] for index in Ticket.__table__.indexes
    ]
    assert indexed == [["expires_at"]], (
        f"`tickets` has indexes on {indexed}; it needs one, on `expires_at`."
    )


# - The other columns stay as the starting code has them.
@pytest.mark.usefixtures("known")
async def test_other_columns_stay(sessions: "Sessions") -> None:
    """The account has to exist, and the other columns are as they were."""
    from waybill.tables import Ticket

    found = {
        column.name: (str(column.type), column.nullable)
        for column in Ticket.__table__.columns
        if column.name != "expires_at"
    }
    number = found.pop("account_id", ("", True))
    assert found == {
        "digest": ("VARCHAR(64)", False),
        "depot": ("VARCHAR(3)", False),
    }, (
        "Beside `account_id` and `expires_at`, `tickets` has these columns (type, may "
        f"it be empty): {found}."
    )
    assert number[1] is False, "`account_id` may be empty."
    assert await refused(sessions, ticket(account_id=99)), (
        "A ticket of account 99 was stored, and there is no such account."
    )
