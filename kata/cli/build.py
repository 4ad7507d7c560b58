"""`kata build`: for authors; derive lessons and service from the masters."""

from typing import Annotated

import typer

from kata import build as builder
from kata.course import Course, find_course
from kata.errors import KataError


def build(
    name: Annotated[
        str, typer.Argument(help="With --run: only this lesson's master.")
    ] = "",
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 on a difference.")
    ] = False,
    run: Annotated[
        bool,
        typer.Option("--run", help="First run the masters and store their outputs."),
    ] = False,
) -> None:
    """For authors: derive lessons and service from the masters.

    Writes lessons/ and solutions/service/ anew where solutions/*.ipynb changed.

    Example: kata build --run 02

    Exit status: 0 all in step, 1 a difference (with --check) or a file without a
    master, 2 misuse.
    """
    if check and run:
        raise KataError("--check changes nothing, and --run does.", "Choose one.")
    if name and not run:
        raise KataError(
            "A single lesson can only be run; everything is derived together.",
            f"`kata build --run {name}`, or `kata build`.",
        )
    course = find_course()
    if check:
        raise typer.Exit(_report(course))
    if run:
        _run(course, name)
        course = Course(course.root)  # its masters were read before they changed
    stray = False
    for one in builder.derive(course):
        stray = stray or one.wanted is None
        typer.echo(f"{one.where} {one.reason if one.wanted is None else 'written'}")
    raise typer.Exit(1 if stray else 0)


def _report(course: Course) -> int:
    found = builder.differences(course)
    for one in found:
        typer.echo(f"{one.where} {one.reason}")
    if found:
        typer.echo("Run `kata build`.")
    return 1 if found else 0


def _run(course: Course, name: str) -> None:
    curriculum = course.curriculum
    lessons = (curriculum.lesson(name),) if name else curriculum.lessons
    for lesson in builder.run_masters(course, lessons):
        typer.echo(f"solutions/{lesson.slug}.ipynb has new outputs")
