"""`kata`: the map of the course and the one next step."""

import typer

from kata import workspace
from kata.cli.context import next_kata
from kata.course import find_course
from kata.curriculum import Kata
from kata.display.words import REASON
from kata.errors import KataError
from kata.loop import Loop
from kata.runner.plain import PlainRunner


def show(context: typer.Context) -> None:
    """FastAPI Katas: build Waybill, one failing check at a time.

    Without a command, `kata` shows the map of the course and the next step.
    """
    if context.invoked_subcommand:
        return
    course = find_course()
    try:
        loop = Loop(course, workspace.find(), PlainRunner())
    except KataError:
        loop = None
    for part in course.curriculum.parts:
        typer.echo(part.title)
        for lesson in part.lessons:
            typer.echo(f"  {lesson.slug}  ({lesson.minutes} min)")
            for kata in lesson.katas:
                typer.echo(f"    {_row(loop, kata)}")
    for note in loop.told() if loop else ():
        typer.echo(f"\n{note}")
    typer.echo(f"\n{_next_step(loop)}")


def _row(loop: Loop | None, kata: Kata) -> str:
    word = REASON[loop.status(kata)] if loop else ""
    kind = "core" if kata.core else "stretch"
    return f"{word:<10}{kata.id:<30}{kata.minutes:>3} min  {kind}"


def _next_step(loop: Loop | None) -> str:
    if loop is None:
        return "Next: `kata start` makes your workspace and opens JupyterLab."
    kata = next_kata(loop)
    if kata is None:
        return "Every kata is green. `kata run` serves what you built."
    slug = loop.course.curriculum.lesson_of(kata).slug
    return f"Next: {kata.id} ({kata.title}), in {slug}.ipynb. `kata start` opens it."
