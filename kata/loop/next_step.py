"""What comes after a kata that is green."""

from dataclasses import dataclass

from kata.course.curriculum import Kata
from kata.loop.loop import Loop
from kata.verdict import Status


@dataclass(frozen=True)
class Next:
    """The next kata that is not done, or none at the end of the course."""

    kata: Kata | None
    notebook: str = ""
    """The file it is in."""
    here: bool = False
    """Whether that is the notebook of the kata before."""
    given: bool = False
    """Whether the reference still stands in for an answer somewhere."""


def next_step(loop: Loop, kata: Kata) -> Next:
    """Return what to do next: first in this lesson, then in those that follow."""
    curriculum = loop.course.curriculum
    lesson = curriculum.lesson_of(kata)
    katas, own = curriculum.katas, lesson.katas
    at, place = katas.index(kata) + 1, own.index(kata) + 1
    order = dict.fromkeys((*own[place:], *own[:place], *katas[at:], *katas[:at]))
    statuses = loop.statuses(order)
    for one in order:
        if one != kata and not statuses[one.id].is_done:
            its_lesson = curriculum.lesson_of(one)
            notebook = loop.course.lesson_path(its_lesson).name
            return Next(one, notebook, its_lesson == lesson)
    return Next(None, given=Status.GIVEN in statuses.values())
