"""What somebody has done in their workspace so far, in numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from kata.course.curriculum import Curriculum, Kata, Lesson
from kata.loop.loop import Loop
from kata.progress.records import Attempt, Origin
from kata.verdict import Status

LONGEST_PAUSE = timedelta(minutes=20)
"""Between two attempts; who is back later has done something else meanwhile."""
TRIED = {Status.PASSED, Status.FAILED, Status.BROKEN}
"""What an attempt comes to; the starting code, run as it is, is none."""


@dataclass(frozen=True)
class Summary:
    """What was done, and what is left."""

    able: tuple[Lesson, ...]
    """Lessons of which every core kata is done: what Waybill can do by now."""
    passed: int
    """Katas with an answer of one's own that is right."""
    first_try: int
    """How many of those were right at the first attempt."""
    given: int
    unavailable: int
    left: int
    attempts: int
    days: int
    """On which something was tried."""
    hints: int
    """How many were read, but for katas that were given: those count as read whole."""
    worked: timedelta
    """From attempt to attempt, without pauses longer than `LONGEST_PAUSE`."""


def summarize(loop: Loop) -> Summary:
    """Return what was done in a loop's workspace; days begin at local midnight."""
    curriculum, progress = loop.course.curriculum, loop.progress
    statuses = loop.statuses(curriculum.katas)
    return count(curriculum, statuses, progress.attempts(), progress.hints())


def count(
    curriculum: Curriculum,
    statuses: Mapping[str, Status],
    attempts: Iterable[Attempt],
    hints: Mapping[str, int],
    zone: tzinfo | None = None,
) -> Summary:
    """Return what statuses, attempts (oldest first) and hints, by kata, add up to."""
    tried = [one for one in attempts if _is_tried(one)]
    moments = [datetime.fromisoformat(one.at) for one in tried]
    own = [kata for kata in curriculum.katas if statuses[kata.id] is Status.PASSED]
    number = Counter(statuses.values())
    given = {kata for kata, status in statuses.items() if status is Status.GIVEN}
    return Summary(
        able=tuple(one for one in curriculum.lessons if _is_able(one, statuses)),
        passed=len(own),
        first_try=_at_first_try(own, tried),
        given=number[Status.GIVEN],
        unavailable=number[Status.UNAVAILABLE],
        left=sum(not status.is_done for status in statuses.values()),
        attempts=len(tried),
        days=len({at.astimezone(zone).date() for at in moments}),
        hints=sum(read for kata, read in hints.items() if kata not in given),
        worked=worked(moments),
    )


def worked(moments: Iterable[datetime]) -> timedelta:
    """Return the time from each moment to the next, long pauses left out."""
    pauses = (late - early for early, late in pairwise(sorted(moments)))
    return sum((one for one in pauses if one <= LONGEST_PAUSE), timedelta())


def size(loop: Loop) -> tuple[int, int]:
    """Return how many files the service has, and how many lines that aren't empty."""
    files = dict.fromkeys(kata.file for kata in loop.course.curriculum.katas)
    texts = [loop.workspace.read(file) for file in files]
    there = [text for text in texts if text is not None]
    lines = (line for text in there for line in text.splitlines())
    return len(there), sum(bool(line.strip()) for line in lines)


def _is_tried(attempt: Attempt) -> bool:
    return attempt.origin is not Origin.REFERENCE and attempt.status in TRIED


def _is_able(lesson: Lesson, statuses: Mapping[str, Status]) -> bool:
    core = [kata for kata in lesson.katas if kata.core] or lesson.katas
    return all(statuses[kata.id].is_done for kata in core)


def _at_first_try(katas: Iterable[Kata], tried: Sequence[Attempt]) -> int:
    first: dict[str, Attempt] = {}
    for attempt in tried:
        first.setdefault(attempt.kata, attempt)
    found = (first.get(kata.id) for kata in katas)
    return sum(one is not None and one.status is Status.PASSED for one in found)
