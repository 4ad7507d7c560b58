"""Checks of streaming.parcel_batches: many parcels in little memory."""

import gc
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import pytest
from sqlalchemy import event, text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.tables import Parcel

pytestmark = pytest.mark.usefixtures("backwards")

LENA, BOB = 71, 72
EMPTY = "When a query finds nothing, `return` before you yield."
TO = json.dumps({"name": "Lena Vogt", "city": "Berlin", "country": "DE"})
SEED = """
INSERT INTO parcels (id, tracking_code, owner_id, "to", weight_g, value, created_at)
VALUES (:id, 'WB' || :id, :owner, :to, 1000 - :id, 100 * (:id * 7 % 11), :at)
"""
"""Sorted by weight, value or time, parcels are in another order than by id."""


@pytest.fixture
async def engine(engine: "AsyncEngine") -> "AsyncEngine":
    """The engine, with the accounts of Lena and Bob."""
    insert = "INSERT INTO accounts (id, email, role, active) "
    insert += "VALUES (:id, :id || '@example.com', 'SENDER', 1)"
    async with engine.begin() as connection:
        await connection.execute(text(insert), [{"id": LENA}, {"id": BOB}])
    return engine


@pytest.fixture
def alive() -> "Iterator[WeakSet[Parcel]]":
    """The parcels that were loaded and that somebody still holds."""
    from waybill.tables import Parcel

    held: WeakSet[Parcel] = WeakSet()

    def note(parcel: "Parcel", *_: object) -> None:
        held.add(parcel)

    event.listen(Parcel, "load", note)
    yield held
    event.remove(Parcel, "load", note)


async def hand_in(engine: "AsyncEngine", owner: int, ids: Sequence[int]) -> None:
    """Store an owner's parcels, those with high ids first."""
    values = [
        {
            "id": one,
            "owner": owner,
            "to": TO,
            "at": f"2026-03-02 08:{one * 7 % 60:02}:00",
        }
        for one in sorted(ids)[::-1]
    ]
    async with engine.begin() as connection:
        await connection.execute(text(SEED), values)


async def batches(
    sessions: "async_sessionmaker[AsyncSession]", owner: int, **size: int
) -> AsyncIterator[Sequence["Parcel"]]:
    """Go through what `parcel_batches` yields; say so if that is no batch."""
    from waybill.exports import parcel_batches
    from waybill.tables import Parcel as Known

    found: Any = parcel_batches(sessions, owner, **size)
    assert hasattr(found, "__aiter__"), (
        f"parcel_batches(…) returned {type(found).__name__}, which `async for` can't "
        "go through. A function with `async def` and `yield` can be gone through."
    )
    begun: set[int | None] = set()
    async for batch in found:
        assert not isinstance(batch, Known), (
            "parcel_batches yielded a Parcel. Yield a batch of them: a list will do."
        )
        ids = [one.id for one in batch]
        assert ids == sorted(ids), (
            f"A batch begins with the parcels {ids[:4]}. Sort by id. (What a query "
            "leaves unsorted, SQLite delivers backwards here.)"
        )
        first = ids[0] if ids else None
        assert first not in begun, (
            f"A batch begins with parcel {first}, which had come already. Begin after "
            "the last id you handed out: not with it, and not by a count of rows."
            if first
            else f"A second empty batch came. {EMPTY}"
        )
        begun |= {first, *ids[-1:]}
        yield batch
        del batch  # so that the next batch isn't counted together with this one


# - An owner's parcels come by id, each once, and nobody else's.
async def test_all_come_once_by_id(
    engine: "AsyncEngine", sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """An owner's parcels come by id, each once, and nobody else's."""
    mine = [*range(3, 203, 5)]
    await hand_in(engine, LENA, mine)
    await hand_in(engine, BOB, [*range(4, 204, 5), 1, 900])
    found = [one.id async for batch in batches(sessions, LENA) for one in batch]
    assert found == mine, (
        f"Lena owns the parcels {mine}, and these came: {found}. (What a query leaves "
        "unsorted, SQLite delivers backwards here; the rest are Bob's.)"
    )
    for size in (1, 7, 20, 39, 40, 41):
        found = [
            one.id
            async for batch in batches(sessions, LENA, size=size)
            for one in batch
        ]
        assert found == mine, (
            f"With size={size} Lena's 40 parcels should come, and {len(found)} came: "
            f"{found}. Where does the next batch begin, and where is the end?"
        )
    await hand_in(engine, BOB, range(1000, 1250))
    many = [one async for some in batches(sessions, BOB, size=1) for one in some]
    assert len(many) == 292, f"With size=1, {len(many)} of Bob's 292 parcels came."


# - A batch is one query, and holds 1 to `size` parcels;
@pytest.mark.parametrize("size", [2, 3, 10])
async def test_a_batch_is_one_query(
    engine: "AsyncEngine",
    sessions: "async_sessionmaker[AsyncSession]",
    queries: list[str],
    size: int,
) -> None:
    """A batch is one query, and holds 1 to `size` parcels."""
    await hand_in(engine, LENA, range(1, 31))
    queries.clear()
    out = 0
    async for batch in batches(sessions, LENA, size=size):
        out += 1
        assert len(batch) <= size, (
            f"With size={size}, batch number {out} has {len(batch)} parcels."
        )
        assert batch, f"With size={size}, batch number {out} is empty. {EMPTY}"
        sent = len(queries)
        assert sent <= out, (
            f"With size={size}, batch number {out} is out, and {sent} queries were "
            "sent so far. One for each batch will do: a list of all ids, or a count, "
            "grows with what there is."
        )
    most = 30 // size + 1
    assert len(queries) <= most, (
        f"With size={size} Lena's 30 parcels took {len(queries)} queries; {most} will "
        "do, one for each batch and one that finds nothing more."
    )


async def test_nobody_has_no_batch(
    engine: "AsyncEngine", sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """An owner of nothing gets no batch, and an end."""
    await hand_in(engine, LENA, [3, 5])
    found = [len(batch) async for batch in batches(sessions, BOB)]
    assert not any(found), f"Bob owns nothing, and {sum(found)} parcels came."
    assert found == [], f"Bob owns nothing, and an empty batch came. {EMPTY}"


# - While the next batch is read, the last one may still be in memory; nothing older.
async def test_no_more_than_two_batches_are_held(
    engine: "AsyncEngine",
    sessions: "async_sessionmaker[AsyncSession]",
    alive: "WeakSet[Parcel]",
) -> None:
    """No more than two batches of parcels are in memory at a time."""
    await hand_in(engine, LENA, range(1, 61))
    size = 6
    out = 0
    async for batch in batches(sessions, LENA, size=size):
        out += len(batch)
        if len(alive) > 2 * size:
            gc.collect()
        held = len(alive)
        first = min(one.id for one in alive)
        assert held <= 2 * size and first > out - 2 * size, (  # noqa: PT018
            f"With size={size}, {out} of Lena's 60 parcels have come out, and {held} "
            f"are in memory, parcel {first} among them. Ask for a part, hand it out, "
            "forget it, and ask for the part after it."
        )
    assert out == 60, f"Lena owns 60 parcels, and {out} came."


# - Whenever a batch is out, no connection is lent:
async def test_no_connection_is_held_meanwhile(
    engine: "AsyncEngine", sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """Whenever a batch is out, no connection is lent."""
    await hand_in(engine, LENA, range(1, 13))
    pool: Any = engine.pool
    async for _ in batches(sessions, LENA, size=5):
        lent = pool.checkedout()
        assert lent == 0, (
            f"A batch was handed out, and {lent} connection was still lent. A client "
            "that reads slowly keeps it: fifteen such clients, and Waybill stands "
            "still. A streamed result, as with `yield_per`, holds its connection to "
            "the last row. Let the session end before you yield."
        )


# - Parcels that are added or deleted meanwhile cause no other to be skipped or
async def test_rows_may_come_and_go_meanwhile(
    engine: "AsyncEngine", sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """Parcels added or deleted meanwhile make none be skipped or repeated."""
    mine = [*range(11, 31)]
    await hand_in(engine, LENA, mine)
    pool: Any = engine.pool
    found: list[int] = []
    async for batch in batches(sessions, LENA, size=6):
        assert pool.checkedout() == 0, (
            "A batch is out, and its connection is still lent. Let the session end "
            "before you yield."
        )
        if not found:
            async with engine.begin() as connection:
                await connection.execute(
                    text("DELETE FROM parcels WHERE id IN (12, 15)")
                )
            await hand_in(engine, LENA, [1, 2, 3, 100, 101])
        found += [one.id for one in batch]
    old = [number for number in found if number in mine]
    assert old == mine, (
        "After the first batch two parcels of it were deleted, and new ones came. "
        f"Lena's older parcels were {mine}, and these came: {old}. Whoever counts rows "
        "loses count; begin after the last id you handed out."
    )
