"""`kata diff`: your answer beside the reference."""

from typing import Annotated

import typer

from kata.cli.context import open_loop
from kata.cli.output import tell, tinted


def diff(
    kata: Annotated[str, typer.Argument(help="A kata, such as models.address.")],
    *,
    spoil: Annotated[
        bool, typer.Option("--spoil", help="Show it before the kata is green.")
    ] = False,
) -> None:
    """Show your answer beside the reference, further right answers, and why.

    What differs in form alone (quotes, line breaks, blank lines) is left out.

    Example: kata diff models.address
    """
    from kata.display.diff import text
    from kata.display.prose import plain
    from kata.loop.reveal import reveal

    loop = open_loop()
    shown = reveal(loop, loop.course.curriculum.kata(kata), spoil=spoil)
    typer.echo(text(shown, tinted))
    if shown.explanation:
        typer.echo(f"\n{plain(shown.explanation)}")
    tell(loop)
