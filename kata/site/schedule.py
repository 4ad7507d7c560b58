"""What fits into half a day, a day, two days or a term: lessons laid into time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from kata.course.curriculum import Kata, Lesson

TALK = 10
"""Minutes a lesson needs besides its katas: to open it, and to look back together."""
BLOCK = 90
"""Minutes between two breaks."""
SLACK = 10
"""Minutes of each block that nothing is planned for: something always takes longer."""
SETUP = 20
"""Minutes until everybody's `kata doctor` is content, on the first morning."""
MORNING = (9 * 60, 10 * 60 + 45)
AFTERNOON = (13 * 60 + 15, 15 * 60)
"""When blocks begin, in minutes of the day."""
LUNCH = 45
"""Minutes from which on a break is one for lunch."""
WEEKS = 4
"""Lessons of a term after which a week is left for whoever fell behind."""


class Step(NamedTuple):
    """What is done of one lesson in one block."""

    lesson: Lesson
    katas: tuple[Kata, ...]
    minutes: int


class Entry(NamedTuple):
    """A line of a timetable: from when to when, and what; a lesson, if it is one."""

    start: int
    end: int
    what: str
    step: Step | None = None


@dataclass
class Block:
    """The time between two breaks."""

    day: int
    start: int
    setup: int = 0
    steps: list[Step] = field(default_factory=list)

    @property
    def end(self) -> int:
        """When the break begins."""
        return self.start + BLOCK

    @property
    def left(self) -> int:
        """The minutes that nothing fills yet, besides the slack."""
        taken = sum(step.minutes for step in self.steps)
        return BLOCK - SLACK - self.setup - taken


@dataclass(frozen=True)
class Plan:
    """A schedule: its blocks, and what did not fit."""

    blocks: tuple[Block, ...]
    core_only: bool
    later: tuple[Kata, ...]

    def days(self) -> list[list[Entry]]:
        """Return the timetable of each day on which something is done."""
        found: dict[int, list[Block]] = {}
        for block in self.blocks:
            if block.steps:
                found.setdefault(block.day, []).append(block)
        return [_timetable(blocks) for blocks in found.values()]


class Week(NamedTuple):
    """A week of a term; one without a lesson is for catching up."""

    number: int
    lesson: Lesson | None

    @property
    def core(self) -> int:
        """The minutes in the room."""
        return self._minutes(core=True)

    @property
    def stretch(self) -> int:
        """The minutes at home, for those who want to."""
        return self._minutes(core=False)

    def _minutes(self, *, core: bool) -> int:
        katas = self.lesson.katas if self.lesson else ()
        return sum(kata.minutes for kata in katas if kata.core is core)


def blocks_of(days: float) -> tuple[Block, ...]:
    """Return the empty blocks of some days; half a day is a morning."""
    found: list[Block] = []
    for half in range(round(2 * days)):
        starts = AFTERNOON if half % 2 else MORNING
        found += [Block(half // 2 + 1, start) for start in starts]
    found[0].setup = SETUP
    return tuple(found)


def plan(lessons: Sequence[Lesson], days: float) -> Plan:
    """Lay all katas into these days, in order; if that is too much, the core."""
    whole = _lay(lessons, blocks_of(days), core_only=False)
    return _lay(lessons, blocks_of(days), core_only=True) if whole.later else whole


def term(lessons: Sequence[Lesson]) -> list[Week]:
    """Return a lesson a week, and a week without one after every few."""
    found: list[Lesson | None] = []
    for at in range(0, len(lessons), WEEKS):
        found += [*lessons[at : at + WEEKS], None]
    return [Week(number, lesson) for number, lesson in enumerate(found, 1)]


def _timetable(blocks: Sequence[Block]) -> list[Entry]:
    found = []
    for block, following in pairwise([*blocks, None]):
        if block is None:
            continue
        at = block.start
        if block.setup:
            found.append(
                Entry(at, at + block.setup, "Set-up: `kata doctor` everywhere")
            )
            at += block.setup
        for step in block.steps:
            found.append(Entry(at, at + step.minutes, "", step))
            at += step.minutes
        found.append(Entry(at, block.end, "Questions, and what took longer"))
        if following:
            long = following.start - block.end >= LUNCH
            found.append(
                Entry(block.end, following.start, "Lunch" if long else "Break")
            )
    return found


def _lay(
    lessons: Iterable[Lesson], blocks: Sequence[Block], *, core_only: bool
) -> Plan:
    waiting = [*blocks]
    later: list[Kata] = []
    for lesson in lessons:
        talk = TALK
        for kata in lesson.katas:
            if core_only and not kata.core:
                continue
            while waiting and waiting[0].left < kata.minutes + talk:
                waiting.pop(0)
            if not waiting:
                later.append(kata)
                continue
            _add(waiting[0], lesson, kata, kata.minutes + talk)
            talk = 0
    return Plan(tuple(blocks), core_only, tuple(later))


def _add(block: Block, lesson: Lesson, kata: Kata, minutes: int) -> None:
    if block.steps and block.steps[-1].lesson is lesson:
        last = block.steps.pop()
        step = Step(lesson, (*last.katas, kata), last.minutes + minutes)
    else:
        step = Step(lesson, (kata,), minutes)
    block.steps.append(step)
