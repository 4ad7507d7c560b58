"""Checks of background.sweep: what is over goes, a little at a time."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

Fill = Callable[..., Awaitable[None]]
Left = Callable[[], Awaitable[tuple[int, int]]]
AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LENA = 311


@pytest.fixture
def fill(
    sessions: "Sessions",
    people: None,  # noqa: ARG001
) -> Fill:
    """Return a function that stores families by their ends, and tries by moments."""

    async def fill(ends: list[datetime], tries: list[datetime]) -> None:
        from waybill.tables import Family, Try

        async with sessions.begin() as session:
            for number, end in enumerate(ends):
                name = f"{number:064}"
                row = Family(id=name, account_id=LENA, digest=name, expires_at=end)
                session.add(row)
            session.add_all([Try(key="k" * 64, at=at) for at in tries])

    return fill


@pytest.fixture
def left(sessions: "Sessions") -> Left:
    """Return a function that counts families and tries."""

    async def count() -> tuple[int, int]:
        from sqlalchemy import func, select

        from waybill.tables import Family, Try

        async with sessions() as session:
            families = await session.scalar(select(func.count(Family.id))) or 0
            return families, await session.scalar(select(func.count(Try.id))) or 0

    return count


async def run(sessions: "Sessions", at: datetime = AT, **more: int) -> int:
    """Sweep, and return what it says."""
    from waybill.sweep import sweep

    said = await sweep(sessions, at, **more)
    assert isinstance(said, int), f"sweep returned {said!r}, and no number."
    return said


# - All families and tries that are over are deleted, and nothing else.
@pytest.mark.parametrize("minutes", [0, 345, -210])
async def test_what_is_over_goes(
    sessions: "Sessions", fill: Fill, minutes: int
) -> None:
    """What is over goes, to the moment, and nothing else."""
    from sqlalchemy import select

    from waybill.accounts import WINDOW
    from waybill.tables import Family, Try

    later = AT + timedelta(days=9)
    ends = [AT - timedelta(days=400), later, AT, AT + TICK, AT - TICK]
    tries = [AT - WINDOW, AT, AT - WINDOW + TICK, AT - WINDOW - TICK, later]
    await fill(ends, tries)
    said = await run(sessions, AT.astimezone(timezone(timedelta(minutes=minutes))))
    async with sessions() as session:
        families = {*await session.scalars(select(Family.expires_at))}
        moments = {*await session.scalars(select(Try.at))}
    assert families == {later, AT + TICK}, (
        f"At {AT}, families with these ends were left: {sorted(map(str, families))}."
    )
    assert moments == {later, AT, AT - WINDOW + TICK}, (
        f"At {AT}, tries of these moments were left: {sorted(map(str, moments))}."
    )
    assert said == 5, f"Three families and two tries went, and sweep returned {said}."


# - All families and tries that are over are deleted, and nothing else.
async def test_other_tables_stay(
    sessions: "Sessions",
    fill: Fill,
    keep: Callable[..., Awaitable[int]],
    jobs: Callable[[], Awaitable[list[Any]]],
) -> None:
    """Accounts and jobs stay, and a second sweep finds nothing."""
    from sqlalchemy import func, select

    from waybill.tables import Account

    await keep(state="dead")
    await fill([AT - TICK], [AT - timedelta(days=7)])
    said = [await run(sessions), await run(sessions)]
    async with sessions() as session:
        count = await session.scalar(select(func.count(Account.id)))
    assert (count, len(await jobs())) == (3, 1), "An account or a job was swept away."
    assert said == [2, 0], f"Two rows were over; two sweeps returned {said}."


# - Each transaction deletes `most` rows at most, and is over before the next one
# begins.
@pytest.mark.parametrize(("most", "families", "tries"), [(3, 8, 4), (1, 60, 0)])
async def test_small_transactions(
    sessions: "Sessions",
    engine: "AsyncEngine",
    fill: Fill,
    left: Left,
    most: int,
    families: int,
    tries: int,
) -> None:
    """No transaction deletes more than it may, and each is committed on its own."""
    from sqlalchemy import event

    await fill([AT - TICK] * families, [AT - timedelta(days=2)] * tries)
    commits: list[object] = []

    @event.listens_for(engine.sync_engine, "commit")
    def note(connection: object) -> None:
        commits.append(connection)

    said = await run(sessions, most=most)
    there = families + tries
    assert await left() == (0, 0), f"Of {there} rows, {await left()} are left."
    assert said == there, f"{there} rows went; sweep returned {said}."
    least = -(-families // most) + -(-tries // most)
    assert len(commits) >= least, (
        f"{families} families and {tries} tries went, {most} at a time, in "
        f"{len(commits)} transactions; at least {least} are needed. Whoever "
        "wants to write meanwhile waits for the longest."
    )


# - Each transaction deletes `most` rows at most, and is over before the next one
# begins.
async def test_others_see_each_batch(
    sessions: "Sessions", engine: "AsyncEngine", fill: Fill
) -> None:
    """Before each batch others see that the ones before are gone, and no more."""
    import sqlite3

    from sqlalchemy import event

    await fill([AT - TICK] * 7, [])
    counts: list[int] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def look(*details: Any) -> None:  # noqa: ANN401
        if str(details[2]).lstrip().upper().startswith("DELETE"):
            other = sqlite3.connect(str(engine.url.database))
            (count,) = other.execute("SELECT count(*) FROM families").fetchone()
            other.close()
            if not counts or counts[-1] != count:
                counts.append(count)

    await run(sessions, most=3)
    wanted = [7, 4, 1]
    assert counts[:3] == wanted, (
        f"Seven families are over, and three may go at a time. Before each DELETE "
        f"others saw {counts} families; wanted is {wanted}, and then none."
    )
    assert counts[3:] in ([], [0]), f"Others saw {counts} families."


# - `sweep` returns how many rows it has deleted in all.
async def test_by_itself_it_takes_many(
    sessions: "Sessions", fill: Fill, left: Left
) -> None:
    """Without a number, everything that is over goes in the end."""
    await fill([AT - TICK] * 3, [AT - timedelta(days=2)] * 1203)
    said = await run(sessions)
    assert (said, await left()) == (1206, (0, 0)), (
        f"1206 rows were over; sweep returned {said}, and {await left()} are left."
    )


# - After a batch that isn't full, the same table isn't asked again.
@pytest.mark.parametrize(
    ("families", "tries", "batches"), [(0, 0, 2), (2, 1, 2), (4, 0, 3), (3, 7, 5)]
)
async def test_no_look_too_many(
    sessions: "Sessions",
    engine: "AsyncEngine",
    fill: Fill,
    families: int,
    tries: int,
    batches: int,
) -> None:
    """A batch that isn't full is the last one of its table."""
    from sqlalchemy import event

    await fill([AT - TICK] * families, [AT - timedelta(days=2)] * tries)
    begun: list[object] = []

    @event.listens_for(engine.sync_engine, "begin")
    def note(connection: object) -> None:
        begun.append(connection)

    await run(sessions, most=3)
    assert len(begun) == batches, (
        f"{families} families and {tries} tries were over, and three may go at a time. "
        f"That took {len(begun)} transactions; wanted is {batches}."
    )


# - Rows that somebody else has locked at that moment are left for the next time
# (`skip_locked`).
async def test_it_waits_for_nobody(
    sessions: "Sessions", engine: "AsyncEngine", fill: Fill
) -> None:
    """On PostgreSQL, rows that others have locked are skipped."""
    from sqlalchemy import event
    from sqlalchemy.dialects import postgresql

    await fill([AT - TICK], [AT - timedelta(days=2)])
    sent: list[str] = []

    @event.listens_for(engine.sync_engine, "before_execute")
    def note(_connection: object, statement: Any, *_: object) -> None:  # noqa: ANN401
        compiled = statement.compile(dialect=postgresql.dialect())
        sent.append(" ".join(str(compiled).split()))

    await run(sessions)
    for table in ("families", "tries"):
        ours = [one for one in sent if table in one]
        assert any("SKIP LOCKED" in one for one in ours), (
            f"PostgreSQL would get: {ours}. Somebody who renews a token at that moment "
            "has locked the row, and the sweep would wait for them: "
            "`with_for_update(skip_locked=True)`."
        )
