"""Checks of repository.changes: versions and histories, counted in queries."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import exc, text

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

LENA, BOB = "lena@example.com", "bob@example.com"
CEM, DORA = "cem@example.com", "dora@example.com"
BY = {7: [BOB, LENA, DORA, LENA, CEM], 8: [LENA, LENA]}
"""Who made the changes of a parcel, in order. Nobody has changed parcel 9."""
OTHERS = [f"{number}@example.com" for number in range(30)]
"""Who made the changes of parcel 10: somebody else each time."""


@pytest.fixture
async def stored(
    keep: Callable[..., Awaitable[None]],
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    parcel: Callable[..., Any],
    change: Callable[..., Any],
) -> None:
    """Parcels and their changes, stored backwards."""
    from waybill.tables import Account, Change

    await keep(*[parcel(number) for number in (7, 8, 9, 10)])
    made = [
        change(number, i, email)
        for number, emails in BY.items()
        for i, email in enumerate(emails, 1)
    ]
    people = [Account(id=1000 - i, email=email) for i, email in enumerate(OTHERS)]
    many = [
        Change(parcel_id=10, number=i, account_id=one.id)
        for i, one in enumerate(people, 1)
    ]
    await keep(*people, *reversed(made), *reversed(many))


@pytest.fixture
async def shuffled(stored: None, sessions: "Sessions") -> None:  # noqa: ARG001
    """Let the table hold its changes in no order, and without a key that sorts."""
    async with sessions.begin() as session:
        for statement in (
            "CREATE TABLE anew AS SELECT * FROM changes ORDER BY number % 3, number",
            "DROP TABLE changes",
            "ALTER TABLE anew RENAME TO changes",
        ):
            await session.execute(text(statement))


@pytest.fixture
def fetched(engine: "AsyncEngine") -> list[tuple[object, ...]]:
    """The rows that SQLite handed out; it delivers backwards what is left unsorted."""
    from sqlalchemy import event

    rows: list[tuple[object, ...]] = []

    def note(_cursor: object, row: tuple[object, ...]) -> tuple[object, ...]:
        rows.append(row)
        return row

    @event.listens_for(engine.sync_engine, "checkout")
    def prepare(connection: "DBAPIConnection", *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA reverse_unordered_selects = ON")
        cursor.close()
        connection.driver_connection.row_factory = note

    return rows


@pytest.fixture
def history(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    fetched: list[tuple[object, ...]],  # noqa: ARG001  # it sorts backwards
) -> Callable[..., Awaitable[list[tuple[int, str]]]]:
    """Return a function that asks for a history: numbers, and who it was."""

    async def history(*arguments: int) -> list[tuple[int, str]]:
        from waybill.repository import Changes

        async with sessions() as session:
            found: Sequence[Any] = await Changes(session).history(*arguments)
            try:
                return [(one.number, one.account.email) for one in found]
            except (exc.InvalidRequestError, exc.MissingGreenlet) as error:
                raise AssertionError(
                    f"A change came without its account: {error}. Let the query load "
                    "it together with the change."
                ) from None

    return history


# - `await changes.version(parcel_id)` is the number of the parcel's last change, and 0
# if it has none.
async def test_a_version_is_the_last_number(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    change: Callable[..., Any],
) -> None:
    """`version` is the number of the parcel's last change, and 0 without any."""
    from waybill.repository import Changes

    async with sessions() as session:
        changes = Changes(session)
        for number, wanted in ((7, 5), (8, 2), (10, 30), (9, 0), (404, 0)):
            version = await changes.version(number)
            assert version == wanted, (
                f"Parcel {number} has {wanted} changes, and its version is {version!r}."
            )
        session.add(change(9, 1))
        await session.flush()
        version = await changes.version(9)
        assert version == 1, (
            f"The session has sent change 1 of parcel 9, and the version is {version}. "
            "Ask the database in each call."
        )


async def test_a_version_may_have_gaps(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    keep: Callable[..., Awaitable[None]],
    change: Callable[..., Any],
) -> None:
    """It is the last number, and not how many there are."""
    from waybill.repository import Changes

    await keep(change(8, 12))
    async with sessions() as session:
        version = await Changes(session).version(8)
    assert version == 12, (
        f"Parcel 8 has the changes 1, 2 and 12, and its version is {version}."
    )


async def test_a_version_costs_one_row(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    queries: list[str],
    fetched: list[tuple[object, ...]],
) -> None:
    """A version costs one query, and the database sends one row at most."""
    from waybill.repository import Changes

    async with sessions() as session:
        await session.connection()
        queries.clear()
        fetched.clear()
        await Changes(session).version(10)
    assert len(queries) == 1, (
        f"The version of a parcel with 30 changes took {len(queries)} queries."
    )
    assert len(fetched) <= 1, (
        f"For the version of a parcel with 30 changes, the database sent "
        f"{len(fetched)} rows. Let it work out the maximum."
    )


# - `await changes.history(parcel_id, limit, after)` returns the parcel's changes whose
# numbers come after `after`, by number, `limit` of them at most.
async def test_a_history_comes_in_pages(
    shuffled: None,  # noqa: ARG001
    history: Callable[..., Awaitable[Any]],
) -> None:
    """A history holds a parcel's own changes, by number, a page at a time."""
    for number, limit, after in (
        *((7, 100, 0), (7, 2, 0), (7, 2, 1), (7, 1, 3), (7, 3, 5), (8, 20, 0)),
        *((9, 5, 0), (8, 1, 1)),
    ):
        found = await history(number, limit, after)
        wanted = [*enumerate(BY.get(number, []), 1)][after : after + limit]
        assert found == wanted, (
            f"history({number}, {limit}, {after}) returned {found}; these were asked "
            f"for: {wanted}. (The table holds its rows in no order here.)"
        )


async def test_a_page_begins_after_a_number(
    history: Callable[..., Awaitable[Any]],
    keep: Callable[..., Awaitable[None]],
    change: Callable[..., Any],
) -> None:
    """A page begins after a number, and not after so many changes."""
    await keep(change(8, 12))
    for limit, after, wanted in ((5, 5, [12]), (1, 2, [12]), (5, 1, [2, 12])):
        found = [number for number, _ in await history(8, limit, after)]
        assert found == wanted, (
            f"Parcel 8 has the changes 1, 2 and 12. history(8, {limit}, {after}) "
            f"returned the changes {found} instead of {wanted}: compare the numbers "
            f"with {after}, and skip no rows."
        )


async def test_a_history_needs_no_more_than_a_parcel(
    history: Callable[..., Awaitable[Any]],
) -> None:
    """`limit` and `after` may be left out."""
    found = await history(7)
    assert found == [*enumerate(BY[7], 1)], f"history(7) returned {found}."


# - Each change in it has its `account` loaded.
@pytest.mark.parametrize("limit", [30, 8])
async def test_a_history_costs_two_queries(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    queries: list[str],
    fetched: list[tuple[object, ...]],
    limit: int,
) -> None:
    """A history costs two queries at most, and no row beyond the page is read."""
    from waybill.repository import Changes

    async with sessions() as session:
        await session.connection()
        queries.clear()
        fetched.clear()
        found = await Changes(session).history(10, limit, 0)
        try:
            emails = [one.account.email for one in found]
        except (exc.InvalidRequestError, exc.MissingGreenlet) as error:
            raise AssertionError(
                f"A change came without its account: {error}. Say in the query that "
                "it will be needed."
            ) from None
    assert emails == OTHERS[:limit], f"These made the changes: {emails}"
    assert len(queries) <= 2, (
        f"{limit} changes by {limit} accounts took {len(queries)} queries, and 2 will "
        "do. Ask for the accounts of all changes at once."
    )
    assert len(fetched) <= 2 * limit, (
        f"{limit} changes were asked for, and the database sent {len(fetched)} rows."
    )


# - `Changes(session)` stays a `Repository` of `Change`.
async def test_it_is_still_a_repository(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    change: Callable[..., Any],
) -> None:
    """`Changes(session)` finds and keeps changes, as every repository does."""
    from waybill.repository import Changes, RefusedError, Repository

    async with sessions() as session:
        changes = Changes(session)
        assert isinstance(changes, Repository), "Changes is no Repository any more."
        kept = await changes.add(change(9, 1, BOB))
        found = await changes.get(9, 1)
        assert found is kept, f"Change 1 of parcel 9 was added, and get gave {found!r}."
        with pytest.raises(RefusedError):
            await changes.add(change(7, 5))
