"""What fits into half a day, a day or two: lessons laid into blocks of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kata.course.curriculum import Kata, Lesson

TALK = 10
"""Minutes a lesson needs besides its katas: to open it, and to look back together."""
BLOCK = 90
"""Minutes between two breaks."""
MORNING = (9 * 60, 11 * 60)
AFTERNOON = (13 * 60 + 30, 15 * 60 + 30)
"""When blocks begin, in minutes of the day."""


class Step(NamedTuple):
    """What is done of one lesson in one block."""

    lesson: Lesson
    katas: tuple[Kata, ...]
    minutes: int


@dataclass
class Block:
    """The time between two breaks."""

    day: int
    start: int
    steps: list[Step] = field(default_factory=list)

    @property
    def left(self) -> int:
        """The minutes that nothing fills yet."""
        return BLOCK - sum(step.minutes for step in self.steps)


@dataclass(frozen=True)
class Plan:
    """A schedule: its blocks, and what did not fit."""

    blocks: tuple[Block, ...]
    core_only: bool
    later: tuple[Kata, ...]

    @property
    def left(self) -> int:
        """The minutes that are free at the end."""
        return sum(block.left for block in self.blocks if not block.steps) + (
            next((b.left for b in reversed(self.blocks) if b.steps), 0)
        )


def blocks_of(days: float) -> tuple[Block, ...]:
    """Return the empty blocks of some days; half a day is a morning."""
    found = []
    for half in range(round(2 * days)):
        starts = AFTERNOON if half % 2 else MORNING
        found += [Block(half // 2 + 1, start) for start in starts]
    return tuple(found)


def plan(lessons: Sequence[Lesson], days: float) -> Plan:
    """Lay all katas into these days, in order; if that is too much, the core."""
    whole = _lay(lessons, blocks_of(days), core_only=False)
    return _lay(lessons, blocks_of(days), core_only=True) if whole.later else whole


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
