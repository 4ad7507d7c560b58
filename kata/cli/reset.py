"""`kata reset`: a kata's starting code again."""

from typing import Annotated

import typer

from kata.cli.context import open_loop
from kata.cli.output import tell
from kata.display.words import told_of_reset


def reset(
    kata: Annotated[str, typer.Argument(help="A kata, such as models.address.")],
) -> None:
    """Put a kata's starting code on disk again; what you wrote stays in its history.

    Example: kata reset models.address
    """
    loop = open_loop()
    one = loop.course.curriculum.kata(kata)
    kept = loop.reset(one)
    tell(loop)
    for line in told_of_reset(one, kept):
        typer.echo(line)
    if kept:
        slug = loop.course.curriculum.lesson_of(one).slug
        typer.echo(
            f"A cell of {slug}.ipynb that holds your code still does; `%reset_kata "
            f"{kata}`\nthere gives you a cell with the starting code."
        )
