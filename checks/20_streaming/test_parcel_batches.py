"""Checks of streaming.parcel_batches: many parcels in little memory."""

import gc
import json
import time
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.tables import Parcel

LENA, BOB = 71, 72
FEW, MANY = 1_000, 6_000
LESS, MORE, SIZE = 200, 4_000, 20  # So small that a list of all ids outweighs a batch.
BUDGET = 2  # Seconds of computing; a third of it is enough.
TO = json.dumps({"name": "Lena Vogt", "city": "Berlin", "country": "DE"})
SEED = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
INSERT INTO parcels (id, tracking_code, owner_id, "to", weight_g, value, created_at)
SELECT :first + :step * (i - 1), 'WB' || :owner || '-' || :first || '-' || i, :owner,
  :to, 100 + i % 900, 100 * i, '2026-03-02 08:00:00.000000' FROM n
"""


@pytest.fixture
async def engine(engine: "AsyncEngine") -> "AsyncEngine":
    """The engine, on a SQLite that delivers backwards what a query leaves unsorted."""

    @event.listens_for(engine.sync_engine, "checkout")
    def reverse(connection: "DBAPIConnection", *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA reverse_unordered_selects = ON")
        cursor.close()

    async with engine.begin() as connection:
        for owner in (LENA, BOB):
            await connection.execute(
                text(
                    "INSERT INTO accounts (id, email, role, active) "
                    "VALUES (:id, :id || '@example.com', 'SENDER', 1)"
                ),
                {"id": owner},
            )
    return engine


async def hand_in(
    engine: "AsyncEngine", owner: int, rows: int, first: int = 1, step: int = 1
) -> list[int]:
    """Store parcels of an owner, by one statement; return their ids."""
    values = {"owner": owner, "rows": rows, "first": first, "step": step, "to": TO}
    async with engine.begin() as connection:
        await connection.execute(text(SEED), values)
    return [*range(first, first + rows * step, step)]


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
    begun: set[int] = set()
    async for batch in found:
        assert not isinstance(batch, Known), (
            "parcel_batches yielded a Parcel. Yield a batch of them: a list will do."
        )
        first = batch[0].id if batch else 0
        assert first not in begun, (
            f"A second batch began with parcel {first}: this would never end. Sort by "
            "id, and begin after the last id you handed out. (What a query leaves "
            "unsorted, SQLite delivers backwards here.)"
        )
        begun.add(first)
        yield batch


def times(ratio: float) -> str:
    """Say roughly how many times as much it is."""
    return "more than five times" if ratio > 5 else "more than twice"


async def test_all_come_once_by_id(
    engine: "AsyncEngine", sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """An owner's parcels come by id, each once, and nobody else's."""
    mine = await hand_in(engine, LENA, 40, first=3, step=5)
    await hand_in(engine, BOB, 40, first=4, step=5)
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


async def test_nobody_has_no_batch(
    sessions: "async_sessionmaker[AsyncSession]",
) -> None:
    """Who owns nothing gets no parcel, and an end."""
    found = [one async for batch in batches(sessions, 999) for one in batch]
    assert found == [], f"Account 999 owns nothing, and {len(found)} parcels came."


async def peak(
    sessions: "async_sessionmaker[AsyncSession]", owner: int, rows: int, **size: int
) -> int:
    """Return the most memory that an owner's parcels took; all must come."""
    found = 0
    gc.collect()
    tracemalloc.start()
    end = time.process_time() + BUDGET  # However busy the machine is.
    try:
        async for batch in batches(sessions, owner, **size):
            found += len(batch)
            assert time.process_time() < end, (
                f"After {BUDGET} seconds {found:,} parcels had come, and it went on. "
                "How many queries does a batch take? One will do."
            )
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == rows, f"Account {owner} owns {rows} parcels, and {found} came."
    return most


async def test_many_need_no_more_memory_than_few(
    engine: "AsyncEngine", sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """6,000 parcels take at most twice the memory that 1,000 take."""
    await hand_in(engine, LENA, MANY)
    await hand_in(engine, BOB, FEW, first=MANY + 1)
    async for _ in batches(sessions, BOB):
        pass  # What is done once and kept for later shall not count.
    few = await peak(sessions, BOB, FEW)
    many = await peak(sessions, LENA, MANY)
    assert many <= 2 * few, (
        f"{MANY:,} parcels took {times(many / few)} the memory that {FEW:,} took: it "
        "grows with what there is. Ask for a part, hand it out, forget it, and ask for "
        "the part after it."
    )


@pytest.mark.parametrize("size", [3, 10])
async def test_no_batch_is_larger_than_its_size(
    engine: "AsyncEngine",
    sessions: "async_sessionmaker[AsyncSession]",
    queries: list[str],
    size: int,
) -> None:
    """A batch is one query, of `size` parcels at most."""
    await hand_in(engine, LENA, 30)
    queries.clear()
    sizes = [len(batch) async for batch in batches(sessions, LENA, size=size)]
    assert max(sizes, default=0) <= size, (
        f"With size={size} Lena's 30 parcels came in batches of {sizes}."
    )
    sent = [sql for sql in queries if "parcels" in sql]
    most = 30 // size + 1
    assert len(sent) <= most, (
        f"With size={size} Lena's 30 parcels took {len(sent)} queries; {most} will "
        "do, one for each batch and one that finds nothing more."
    )


async def test_no_connection_is_held_meanwhile(
    engine: "AsyncEngine", sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """Whenever a batch is out, no connection is lent."""
    await hand_in(engine, LENA, 12)
    pool: Any = engine.pool
    async for _ in batches(sessions, LENA, size=5):
        lent = pool.checkedout()
        assert lent == 0, (
            f"A batch was handed out, and {lent} connection was still lent. A client "
            "that reads slowly keeps it: fifteen such clients, and Waybill stands "
            "still; on SQLite nobody can write meanwhile. A streamed result, as with "
            "`yield_per`, holds its connection to the last row. Let the session end "
            "before you yield."
        )


async def test_rows_may_come_and_go_meanwhile(
    engine: "AsyncEngine", sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """Parcels added or deleted meanwhile make none be skipped or repeated."""
    mine = await hand_in(engine, LENA, 20)
    pool: Any = engine.pool
    found: list[int] = []
    async for batch in batches(sessions, LENA, size=6):
        assert pool.checkedout() == 0, (
            "A batch is out, and its connection is still lent: on SQLite nobody can "
            "add or delete a parcel now."
        )
        if not found:
            async with engine.begin() as connection:
                await connection.execute(text("DELETE FROM parcels WHERE id IN (2, 5)"))
            await hand_in(engine, LENA, 3, first=100)
        found += [one.id for one in batch]
    old = [number for number in found if number < 100]
    assert old == mine, (
        "After the first batch two parcels of it were deleted, and new ones came. "
        f"Lena's older parcels were {mine}, and these came: {old}. Whoever counts rows "
        "loses count; begin after the last id you handed out."
    )


async def test_small_batches_keep_no_list_of_all(
    engine: "AsyncEngine", sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """In small batches, too, memory doesn't grow with the parcels."""
    await hand_in(engine, LENA, MORE)
    await hand_in(engine, BOB, LESS, first=MORE + 1)
    async for _ in batches(sessions, BOB, size=SIZE):
        pass
    few = await peak(sessions, BOB, LESS, size=SIZE)
    many = await peak(sessions, LENA, MORE, size=SIZE)
    assert many <= 2 * few, (
        f"With size={SIZE} {MORE:,} parcels took {times(many / few)} the memory that "
        f"{LESS:,} took. A list of all ids grows with what there is, too: the last id "
        "handed out is enough to remember."
    )
