"""`kata reset`: a kata's starting code again."""

from typing import Annotated

import typer

from kata.cli.context import open_loop
from kata.cli.output import say, tell
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
        say(line)
    if kept:
        slug = loop.course.curriculum.lesson_of(one).slug
        say(
            f"A cell of {slug}.ipynb that holds your code still does; "
            f"`%reset_kata {kata}` there gives you one with the starting code."
        )
