"""`kata catch-up`: fill what earlier lessons are missing from the reference."""

from typing import Annotated

import typer

from kata.cli.context import open_loop
from kata.cli.output import tell


def catch_up(
    lesson: Annotated[
        str, typer.Argument(help="The lesson you want to begin, such as 02.")
    ],
    *,
    red: Annotated[
        bool,
        typer.Option("--red", help="Check your answers, and replace those that fail."),
    ] = False,
) -> None:
    """Fill the unanswered katas before a lesson from the reference.

    Your own answers stay, green or red. With --red those that fail are replaced too;
    what you wrote stays in their history. What was filled in counts as given, not as
    green, until an answer of your own passes.

    Example: kata catch-up 02
    """
    loop = open_loop()
    wanted = loop.course.curriculum.lesson(lesson)
    filled = loop.catch_up(wanted)
    replaced = loop.replace_red(wanted) if red else []
    tell(loop)
    for kata in filled:
        typer.echo(f"filled in  {kata.id}  ({kata.file})")
    for kata in replaced:
        typer.echo(f"replaced   {kata.id}  ({kata.file})")
        typer.echo(f"           yours: `kata history {kata.id}`")
    if filled or replaced:
        typer.echo("You can begin.")
    else:
        typer.echo("Nothing was missing. You can begin.")
