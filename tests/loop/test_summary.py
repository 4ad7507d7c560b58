"""What somebody has done, in numbers."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kata.loop.loop import Loop
from kata.loop.summary import LONGEST_PAUSE, Summary, count, size, worked
from kata.progress.records import Attempt, Origin
from kata.verdict import Status
from tests.helpers.loop import COUNTING, COURSE, DOUBLE, GREETING, HELLO, NAME, STUB

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OPEN = {kata.id: Status.UNTOUCHED for kata in COURSE.curriculum.katas}


def tried(
    kata: str,
    status: Status | None,
    at: datetime = NOON,
    origin: Origin = Origin.CELL,
) -> Attempt:
    return Attempt(1, kata, at.isoformat(), origin, STUB, status)


def counted(
    *attempts: Attempt,
    hints: dict[str, int] | None = None,
    zone: timezone = UTC,
    **statuses: Status,
) -> Summary:
    """Count what was tried; statuses are named by the last word of a kata's id."""
    found = {kata: statuses.get(kata.split(".")[1], Status.UNTOUCHED) for kata in OPEN}
    return count(COURSE.curriculum, found, attempts, hints or {}, zone)


def test_each_kata_counts_once_by_what_stands_now() -> None:
    found = counted(name=Status.PASSED, hello=Status.GIVEN, double=Status.UNAVAILABLE)
    assert (found.passed, found.given, found.unavailable, found.left) == (1, 1, 1, 0)
    found = counted(name=Status.FAILED, hello=Status.BROKEN, double=Status.BLOCKED)
    assert (found.passed, found.given, found.unavailable, found.left) == (0, 0, 0, 3)


def test_an_attempt_is_what_somebody_wrote_and_what_was_judged() -> None:
    none = [tried(NAME.id, one) for one in (Status.UNTOUCHED, Status.BLOCKED, None)]
    ours = tried(NAME.id, Status.PASSED, origin=Origin.REFERENCE)
    assert counted(*none, ours).attempts == 0
    judged = (Status.FAILED, Status.BROKEN, Status.PASSED)
    assert counted(*none, *(tried(NAME.id, one) for one in judged)).attempts == 3
    assert counted(tried(NAME.id, Status.FAILED, origin=Origin.EDITOR)).attempts == 1


def test_the_starting_code_is_no_first_attempt() -> None:
    found = counted(
        tried(NAME.id, Status.UNTOUCHED),
        tried(HELLO.id, Status.FAILED),
        tried(NAME.id, Status.PASSED),
        tried(NAME.id, Status.FAILED),
        tried(HELLO.id, Status.PASSED),
        tried(DOUBLE.id, Status.PASSED),
        name=Status.PASSED,
        hello=Status.PASSED,
        double=Status.FAILED,
    )
    assert (found.passed, found.first_try) == (2, 1)


def test_days_are_those_of_the_learners_clock() -> None:
    evening = [
        tried(NAME.id, Status.FAILED, NOON + hour * 60 * MINUTE) for hour in (0, 8)
    ]
    assert counted(*evening).days == 1
    assert counted(*evening, zone=timezone(timedelta(hours=5))).days == 2


def test_long_pauses_are_left_out() -> None:
    assert worked([]) == worked([NOON]) == timedelta()
    late = NOON + LONGEST_PAUSE
    assert worked([late, NOON]) == LONGEST_PAUSE
    assert worked([NOON, late + timedelta(seconds=1)]) == timedelta()
    three_visits = [0, 1, 600, 603, 9000]
    assert worked(NOON + at * MINUTE for at in three_visits) == 4 * MINUTE


def test_hints_of_what_was_given_are_nobodys() -> None:
    hints = {NAME.id: 2, HELLO.id: 1, DOUBLE.id: 3}
    assert counted(hints=hints).hints == 6
    assert counted(hints=hints, double=Status.GIVEN).hints == 3


@pytest.mark.parametrize("status", [Status.PASSED, Status.GIVEN, Status.UNAVAILABLE])
def test_waybill_can_do_what_the_core_of_a_lesson_was_about(status: Status) -> None:
    assert counted().able == ()
    assert counted(name=status).able == ()
    assert counted(name=status, hello=status).able == (GREETING,)
    assert counted(double=status).able == (COUNTING,)


def test_the_service_is_counted_without_empty_lines(loop: Loop) -> None:
    assert size(loop) == (0, 0)
    for number, file in enumerate(dict.fromkeys((NAME.file, DOUBLE.file)), start=1):
        path = loop.workspace.root / file
        path.parent.mkdir(exist_ok=True)
        path.write_text("first = 1\n\n   \nsecond = 2\n", encoding="utf-8")
        assert size(loop) == (number, 2 * number)
