"""Checks of streaming.follow: scans as they happen, at little cost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.ext.asyncio import AsyncEngine
    from sqlalchemy.orm import ORMExecuteState

OTHER = 4  # A parcel that nobody follows.
LONG = 60  # Seconds that no check waits for: it moves the clock.
MANY = 3_700  # Looks; an hour has 3,600 seconds.

Happen = Callable[..., Awaitable[None]]
Watch = Callable[..., Any]


@pytest.fixture
def looks(queries: list[str]) -> Callable[[], int]:
    """Return a function that says how often the table of scans was asked."""
    return lambda: sum("FROM scans" in sql for sql in queries)


# - The parcel's scans after the id `after` come at once, by id; later ones come
async def test_what_there_is_comes_at_once(happen: Happen, watched: Watch) -> None:
    """The parcel's scans come at once, by id, and no other parcel's."""
    for number in (7, 1, 9):
        await happen(number)
        await happen(number + 1, parcel=OTHER)
    stream = watched(pause=LONG)
    await stream.wait_for(3)
    assert stream.seen == [1, 7, 9], (
        f"The parcel has the scans 1, 7 and 9; {stream.seen} came before any pause. "
        "(2, 8 and 10 are another parcel's, and SQLite delivers backwards what a query "
        "leaves unsorted.) Look first, and wait afterwards."
    )


async def test_what_is_to_come_comes(happen: Happen, watched: Watch) -> None:
    """Scans that are added later come when they are there."""
    await happen(5)
    stream = watched(pause=LONG)
    await stream.wait_for(1)
    for length, number in ((2, 8), (3, 11)):
        await happen(number)
        await happen(number + 1, parcel=OTHER)
        await stream.after(LONG)
        await stream.wait_for(length)
        assert number in stream.seen, (
            f"Scan {number} was added while the stream was read, and "
            f"{'the stream had ended' if stream.task.done() else 'it never came'}. So "
            f"far came {stream.seen}. When all is sent, wait and look again; the end "
            "is a delivery."
        )


async def test_it_begins_after_an_id(happen: Happen, watched: Watch) -> None:
    """Only scans after the id `after` come."""
    for number in (5, 7, 9, 12):
        await happen(number)
    for after, wanted in ((7, [9, 12]), (8, [9, 12]), (4, [5, 7, 9, 12]), (12, [])):
        stream = watched(after=after, pause=LONG)
        await stream.wait_for(len(wanted))
        assert stream.seen == wanted, (
            f"The parcel has the scans 5, 7, 9 and 12. With after={after} the stream "
            f"brought {stream.seen}; {wanted} were expected."
        )


# - A scan that turns up late, with a lower id than one that was sent, comes too, and
# none comes twice:
async def test_what_turns_up_late_comes(happen: Happen, watched: Watch) -> None:
    """A scan that turns up after one with a higher id comes, too."""
    await happen(50)
    stream = watched(pause=LONG)
    await stream.wait_for(1)
    wanted = [50]
    for number in (48, 60, 58, 49):
        await happen(number)
        await stream.after(LONG)
        wanted.append(number)
        await stream.wait_for(len(wanted))
        assert stream.seen == wanted, (
            f"The scans turned up in the order {wanted}, as on PostgreSQL, where a row "
            f"has its id before it is committed. {stream.seen} came. A cursor that "
            "only moves up goes past what is late, and what is made anew at each look "
            "forgets what was sent: let one `NewScans` remember it."
        )


async def test_nothing_comes_twice(happen: Happen, watched: Watch) -> None:
    """No scan comes twice, and none that its client had seen."""
    for number in (40, 41, 43):
        await happen(number)
    stream = watched(after=41, pause=LONG)
    await stream.wait_for(1)
    await happen(39)  # Late: the client can't have seen it.
    for _ in range(3):
        await stream.after(LONG)
    assert stream.seen == [43, 39], (
        "A client had seen the scans 40 and 41; 43 was new, and 39 turned up late. "
        f"After four looks {stream.seen} came."
    )


async def test_what_is_long_past_does_not_come(happen: Happen, watched: Watch) -> None:
    """What stood there with a much lower id doesn't come at any look."""
    await happen(5)
    stream = watched(after=10_000, pause=LONG)
    for number in (10_001, 20_000):
        await happen(number)
        await stream.after(LONG)
    await stream.wait_for(2)
    assert stream.seen == [10_001, 20_000], (
        "A client had seen scan 5 and all up to 10000; 10001 and 20000 were new. "
        f"{stream.seen} came."
    )


# - After a scan of the kind `ScanKind.DELIVERED` was sent, the stream ends.
async def test_a_delivery_is_the_end(happen: Happen, watched: Watch) -> None:
    """After a scan of the kind delivered the stream ends, and nothing follows it."""
    await happen(5, kind="picked_up")
    stream = watched(pause=LONG)
    await stream.wait_for(1)
    await happen(8, kind="delivered")
    await stream.after(LONG)
    await stream.wait_for_end()
    assert stream.task.done(), (
        f"The parcel was delivered, the stream sent {stream.seen}, and it goes on. "
        "Return after a delivery: nothing comes after it."
    )
    assert stream.seen == [5, 8], (
        f"The scans were 5 and the delivery, 8; {stream.seen} came. Send both."
    )
    await happen(9)
    again = watched(pause=LONG)
    await again.wait_for_end()
    assert again.seen == [5, 8], (
        f"The parcel's scans were 5, the delivery 8, and by mistake 9; {again.seen} "
        "came. The delivery ends the stream, whatever the database holds."
    )


# - Between two looks it waits `pause` seconds, however long nothing is
# new.
@pytest.mark.parametrize("pause", [7, LONG])
async def test_it_pauses_between_two_looks(
    happen: Happen, watched: Watch, looks: Callable[[], int], pause: int
) -> None:
    """It looks again after `pause` seconds, and not before."""
    await happen(5)
    before = looks()
    stream = watched(pause=pause)
    await stream.wait_for(1)
    for number in range(1, 4):
        await stream.after(pause - 1)
        early = looks() - before
        assert early == number, (
            f"With pause={pause} the stream had looked {number} times; {pause - 1} "
            f"seconds later it had looked {early} times. Wait `pause` seconds."
        )
        await stream.after(1)
        now = looks() - before
        assert now == number + 1, (
            f"With pause={pause} the stream had looked {number} times; {pause} seconds "
            f"later it had looked {now} times, and once more was expected."
        )


async def test_it_never_gives_up(
    happen: Happen, watched: Watch, empty: dict[str, int]
) -> None:
    """However long nothing is new, it goes on looking."""
    empty["left"] = MANY
    stream = watched(pause=0)
    for _ in range(20 * MANY):
        if not empty["left"] or stream.task.done():
            break
        await asyncio.sleep(0)
    looked, empty["left"] = MANY - empty["left"], 0
    await stream.after(100 * 24 * 3600)
    assert not stream.task.done(), (
        f"After {looked:,} looks that found nothing, and a hundred days, the stream "
        "ended. A parcel may rest: only a delivery is the end, or `go_on`."
    )
    wanted = []
    for number in (5, 10**6, 10**6 + 1):
        wanted.append(number)
        await happen(number)
        await stream.after(1)
        await stream.wait_for(len(wanted))
        assert stream.seen == wanted, f"{wanted} were added, and {stream.seen} came."


@pytest.fixture
def empty() -> "Iterator[dict[str, int]]":
    """How many more queries are answered by nothing, without the database."""
    from sqlalchemy.orm import Session

    left = {"left": 0}

    def answer(state: "ORMExecuteState") -> "IteratorResult[Any] | None":
        if not left["left"] or state.execution_options.get("stream_results"):
            return None
        left["left"] -= 1
        return IteratorResult(SimpleResultMetaData(["Scan"]), iter(()))

    event.listen(Session, "do_orm_execute", answer)
    yield left
    event.remove(Session, "do_orm_execute", answer)


# - Before each look it asks `await go_on()`, and ends when the answer is false.
@pytest.mark.parametrize("times", [0, 1, 3])
async def test_it_asks_whether_to_go_on(
    happen: Happen, watched: Watch, looks: Callable[[], int], times: int
) -> None:
    """Before each look it asks `go_on`, and ends when the answer is false."""
    await happen(5)
    before = looks()
    stream = watched(pause=LONG, times=times)
    for _ in range(times + 1):
        await stream.after(LONG)
    await stream.wait_for_end()
    assert stream.task.done(), (
        f"`go_on` was asked {stream.asked} times. It says True {times} times and then "
        "False, and the stream goes on. Ask it before each look."
    )
    assert (looks() - before, stream.seen) == (times, [5] * bool(times)), (
        f"`go_on` said True {times} times and then False. The stream looked "
        f"{looks() - before} times, and {stream.seen} came: one look for each True."
    )


# - No connection is lent while a scan is out, while it waits, or while it asks.
async def test_no_connection_is_lent_meanwhile(
    happen: Happen, watched: Watch, engine: "AsyncEngine"
) -> None:
    """No connection is lent while a scan is out, or while it waits or asks."""
    await happen(5)
    await happen(8)
    pool: Any = engine.pool
    stream = watched(pause=LONG)
    await stream.wait_for(2)
    assert stream.lent == {"a scan is out": 0, "it asks go_on": 0}, (
        f"Connections lent: {stream.lent}. Let the session end before you yield or ask."
    )
    await stream.after(1)
    lent = pool.checkedout()
    assert lent == 0, (
        f"The stream waits for the next scan, and {lent} connection is lent meanwhile. "
        "A parcel travels for days. Let the session end before you wait."
    )


# - When its reader is cancelled or closes it, it ends at once, and nothing is left
@pytest.mark.parametrize("pause", [0, LONG])
@pytest.mark.parametrize("how", ["cancelled", "closed", "closed at a scan"])
async def test_nothing_goes_on_when_the_reader_leaves(
    happen: Happen,
    watched: Watch,
    looks: Callable[[], int],
    pause: float,
    how: str,
) -> None:
    """When its reader leaves, the stream ends at once, and nothing goes on."""
    await happen(5)
    others = asyncio.all_tasks()
    stream = watched(pause=pause)
    stream.most = int(how == "closed at a scan" and hasattr(stream.stream, "aclose"))
    await stream.wait_for(1)
    await stream.leave(how)
    assert stream.task.done(), (
        f"The stream was {how} (pause={pause}), and goes on. Let what it raised pass."
    )
    assert stream.task.cancelled() or stream.most, (
        "Its reader was cancelled, and goes on after its loop. Let CancelledError pass."
    )
    left = asyncio.all_tasks() - others - {stream.task}
    for task in left:
        task.cancel()
    assert not left, (
        f"The stream was {how}, and a task that it started goes on, for nobody. Let "
        "the reader's own task do the work."
    )
    so_far = looks()
    await stream.after(LONG)
    lent = stream.pool.checkedout()
    assert (looks(), lent) == (so_far, 0), (
        f"The stream was {how}. Afterwards it looked {looks() - so_far} times more, "
        f"and {lent} connections are lent."
    )
