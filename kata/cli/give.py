"""`kata give`: one kata filled in from the reference."""

from typing import Annotated

import typer

from kata.cli.context import open_loop
from kata.cli.output import say, tell
from kata.display.words import told_of_gift


def give(
    kata: Annotated[str, typer.Argument(help="A kata, such as models.address.")],
) -> None:
    """Fill one kata from the reference; what you wrote stays in its history.

    It counts as given, neither green nor open, until an answer of your own passes.

    Example: kata give models.address
    """
    loop = open_loop()
    one = loop.course.curriculum.kata(kata)
    kept = loop.give(one)
    tell(loop)
    for line in told_of_gift(one, kept):
        say(line)
