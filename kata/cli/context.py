"""What the subcommands share: the course, the workspace, the loop."""

import os
from collections.abc import Iterable

import typer

from kata.cli import opened
from kata.course.course import Course
from kata.course.curriculum import Curriculum, Kata
from kata.course.find import find_course
from kata.errors import KataError, nearest
from kata.loop.loop import Loop
from kata.runner.choice import best_runner
from kata.workspace import workspace
from kata.workspace.workspace import VARIABLE, Workspace


def open_loop(place: Workspace | None = None, *, once: bool = False) -> Loop:
    """Return the loop on this workspace, or on the one that a command is about.

    `once` says that it will check one kata and no more.
    """
    return Loop(find_course(), place or find_workspace(), best_runner(once=once))


def find_workspace() -> Workspace:
    """Return the workspace around the current folder, or else the one opened last.

    It is said if it is that one. None at all is a `KataError`.
    """
    try:
        return workspace.find()
    except KataError as error:
        last = opened.last()
        if os.environ.get(VARIABLE) or last is None:
            raise
        if not opened.exists(last):
            raise KataError(
                f"{error.happened} The one that was opened last, {last.root}, is gone.",
                error.next_step,
            ) from None
    typer.echo(f"In {last.root}, the workspace that was opened last:", err=True)
    return last


def katas_named(course: Course, name: str) -> tuple[Kata, ...]:
    """Return one kata by id, or all of a lesson; nothing named means all there are."""
    curriculum = course.curriculum
    if not name:
        return curriculum.katas
    for kata in curriculum.katas:
        if kata.id == name:
            return (kata,)
    try:
        return curriculum.lesson(name).katas
    except KataError:
        raise KataError(
            f"There is no kata and no lesson `{name}`.",
            nearest(name, _names(curriculum)),
        ) from None


def next_kata(loop: Loop) -> Kata | None:
    """Return the first kata that is not done, or None at the end of the course."""
    katas = loop.course.curriculum.katas
    statuses = loop.statuses(katas)
    return next((kata for kata in katas if not statuses[kata.id].is_done), None)


def _names(curriculum: Curriculum) -> Iterable[str]:
    yield from (kata.id for kata in curriculum.katas)
    yield from (lesson.slug for lesson in curriculum.lessons)
