"""`kata catch-up`: fill what earlier lessons are missing from the reference."""

from typing import Annotated

import typer

from kata.cli.context import open_loop
from kata.cli.output import tell


def catch_up(
    lesson: Annotated[
        str, typer.Argument(help="The lesson you want to begin, such as 02.")
    ],
) -> None:
    """Fill the unanswered katas before a lesson from the reference.

    Your own answers stay, green or red.

    Example: kata catch-up 02
    """
    loop = open_loop()
    filled = loop.catch_up(loop.course.curriculum.lesson(lesson))
    tell(loop)
    for kata in filled:
        typer.echo(f"filled in  {kata.id}  ({kata.file})")
    typer.echo("You can begin." if filled else "Nothing was missing. You can begin.")
