"""Checks of repository.change: a parcel's changes, each with a number of its own."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import exc, inspect, select, text
from sqlalchemy.orm import selectinload

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

LENA, BOB = "lena@example.com", "bob@example.com"
INSERT = "INSERT INTO changes (parcel_id, number, account_id, at) VALUES "


@pytest.fixture
async def two(
    keep: Callable[..., Awaitable[None]],
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    parcel: Callable[..., Any],
) -> None:
    """Two parcels, 7 and 8, that nobody has changed."""
    await keep(parcel(7), parcel(8, BOB))


# - A parcel has each number once, whoever writes.
async def test_a_number_is_given_once(
    two: None,  # noqa: ARG001
    sessions: "async_sessionmaker[AsyncSession]",
    refuses: Callable[[object], Awaitable[bool]],
    change: Callable[..., Any],
) -> None:
    """A parcel has each number once, whoever writes."""
    async with sessions.begin() as session:
        try:
            await session.execute(text(f"{INSERT} (7, 1, 311, '2026-03-02 09:00:00')"))
            await session.execute(text(f"{INSERT} (7, 2, 311, '2026-03-02 09:00:00')"))
        except exc.DBAPIError as error:
            raise AssertionError(
                f"Changes 1 and 2 of parcel 7 could not both be stored: {error.orig}. "
                "Make one key of the two columns."
            ) from None
    assert await refuses(change(7, 2, BOB)), (
        "Parcel 7 has a change 2, and a second change 2 was stored. Is `number` part "
        "of the primary key?"
    )


async def test_another_parcel_counts_for_itself(
    two: None,  # noqa: ARG001
    keep: Callable[..., Awaitable[None]],
    change: Callable[..., Any],
) -> None:
    """Another parcel may have the same number."""
    await keep(change(7, 1))
    try:
        await keep(change(8, 1))
    except exc.IntegrityError as error:
        raise AssertionError(
            f"Parcel 7 had its change 1, and that of parcel 8 was refused: "
            f"{error.orig}. Only both columns together are the key."
        ) from None


# - The key is `parcel_id` and `number`, in this order.
def test_the_key_is_parcel_and_number() -> None:
    """The key is `parcel_id` and `number`, in this order."""
    from waybill.tables import Change

    key = [column.name for column in inspect(Change).primary_key]
    what = (
        "Its columns are to stand in this order"
        if sorted(key) == ["number", "parcel_id"]
        else "Give `primary_key=True` to these two columns and to no other"
    )
    assert key == ["parcel_id", "number"], (
        f"The primary key of `changes` is {key} instead of ['parcel_id', 'number']. "
        f"{what}: with this key, `session.get(Change, (7, 2))` finds change 2 of "
        "parcel 7."
    )


# - `change.account` is the account that made the change,
async def test_a_change_knows_its_account(
    two: None,  # noqa: ARG001
    keep: Callable[..., Awaitable[None]],
    change: Callable[..., Any],
    sessions: "async_sessionmaker[AsyncSession]",
) -> None:
    """`change.account` is the account that made the change."""
    from waybill.tables import Change

    await keep(change(7, 1, BOB), change(7, 2, LENA))
    assert hasattr(Change, "account"), "Declare `account` in Change: a relationship."
    query = select(Change).options(selectinload(Change.account)).order_by(Change.number)
    async with sessions() as session:
        found = [one.account for one in await session.scalars(query)]
    emails = [one.email for one in found]
    assert emails == [BOB, LENA], (
        f"Bob made change 1 of Lena's parcel and Lena made change 2; `account` says "
        f"{emails}."
    )


async def test_an_account_does_not_load_itself(
    two: None,  # noqa: ARG001
    keep: Callable[..., Awaitable[None]],
    change: Callable[..., Any],
    sessions: "async_sessionmaker[AsyncSession]",
    queries: list[str],
) -> None:
    """An account that nobody loaded is refused by name, and costs no query."""
    from waybill.tables import Change

    await keep(change(7, 1))
    queries.clear()
    async with sessions() as session:
        kept = await session.get_one(Change, (7, 1))
        assert "accounts" not in " ".join(queries), (
            "A change was read, and its account came along unasked: every query for "
            'changes pays for it. Say lazy="raise", and let queries ask.'
        )
        try:
            account = kept.account
        except (exc.StatementError, exc.MissingGreenlet):
            raise AssertionError(
                "`change.account` tried to load itself and ended in MissingGreenlet. "
                'Give the relationship lazy="raise", which says so in plain words.'
            ) from None
        except exc.InvalidRequestError:
            return
    raise AssertionError(f"Nobody loaded `account`, and it was {account!r}.")


# - What stands there stays as it is.
async def test_what_stood_there_holds(
    two: None,  # noqa: ARG001
    keep: Callable[..., Awaitable[None]],
    change: Callable[..., Any],
    refuses: Callable[[object], Awaitable[bool]],
    sessions: "async_sessionmaker[AsyncSession]",
) -> None:
    """A change belongs to a parcel and an account that exist, and knows its moment."""
    from waybill.tables import Change

    orphan = await refuses(change(404, 1))
    assert orphan, "A change of a parcel that isn't there was stored."
    orphan = await refuses(Change(parcel_id=7, number=1, account_id=404))
    assert orphan, "A change by an account that isn't there was stored."
    await keep(Change(parcel_id=7, number=1, account_id=17))
    async with sessions() as session:
        kept = await session.get_one(Change, (7, 1))
    assert kept.at.tzinfo, f"`at` came back as {kept.at}: without an offset."
    default = Change.__table__.c.at.default
    assert default.is_callable, (
        "`at` was computed once, when the file was imported, and all changes have it. "
        "The default is the function: `default=now`."
    )
    nullable = [column.name for column in Change.__table__.c if column.nullable]
    assert not nullable, f"These columns of a change may be None: {nullable}."
