"""`kata build`: for authors; derive lessons and service from the masters."""

from typing import Annotated

import typer

from kata.course import find_course
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
    """Derive lessons/ and solutions/service/ from solutions/*.ipynb (for authors).

    Example: kata build --run 02
    """
    from kata import build as builder

    if check and run:
        raise KataError("--check changes nothing, and --run does.", "Choose one.")
    course = find_course()
    if check:
        found = builder.differences(course)
        for one in found:
            typer.echo(f"{one.path.relative_to(course.root)} {one.reason}")
        if found:
            typer.echo("Run `kata build`.")
        raise typer.Exit(1 if found else 0)
    if run:
        lessons = course.curriculum.lessons
        if name:
            lessons = (course.curriculum.lesson(name),)
        for lesson in builder.run_masters(course, lessons):
            typer.echo(f"solutions/{lesson.slug}.ipynb has new outputs")
        course = type(course)(course.root)
    for path in builder.derive(course):
        typer.echo(f"{path.relative_to(course.root)} written")
