"""What the subcommands share: the course, the workspace, the loop."""

from kata import workspace
from kata.course import Course, find_course
from kata.curriculum import Kata
from kata.loop import Loop
from kata.runner.plain import PlainRunner
from kata.verdict import Status


def open_loop() -> Loop:
    """Return the loop on the workspace around or in the current folder."""
    return Loop(find_course(), workspace.find(), PlainRunner())


def katas_named(course: Course, name: str) -> tuple[Kata, ...]:
    """Return one kata by id, or all of a lesson; nothing named means all there are."""
    if not name:
        return course.curriculum.katas
    if "." in name:
        return (course.curriculum.kata(name),)
    return course.curriculum.lesson(name).katas


def next_kata(loop: Loop) -> Kata | None:
    """Return the first kata that is not passed, or None at the end of the course."""
    for kata in loop.course.curriculum.katas:
        if loop.status(kata) is not Status.PASSED:
            return kata
    return None
