"""`kata hint`: the next hint of a kata."""

from typing import Annotated

import typer

from kata.cli.context import next_kata, open_loop
from kata.cli.output import say, tell
from kata.course.curriculum import Kata
from kata.display.prose import plain
from kata.errors import KataError
from kata.loop.hints import Hint, all_hints, next_hint
from kata.loop.loop import Loop


def hint(
    kata: Annotated[
        str, typer.Argument(help="A kata; the next one that is not green if left out.")
    ] = "",
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Show all of its hints.")
    ] = False,
) -> None:
    """Show the next hint of a kata. The notebook's `%hint` goes on where this stops.

    Example: kata hint models.address
    """
    loop = open_loop()
    one = _kata_meant(loop, kata)
    shown = all_hints(loop, one) if every else (next_hint(loop, one),)
    tell(loop)
    for rung in shown:
        typer.echo(f"{rung.title}\n\n{plain(rung.text)}\n")
    say(_next_step(shown[-1]))


def _kata_meant(loop: Loop, name: str) -> Kata:
    if name:
        return loop.course.curriculum.kata(name)
    if found := next_kata(loop):
        return found
    raise KataError("No kata is open.", "Name one: `kata hint models.address`.")


def _next_step(hint: Hint) -> str:
    if hint.last:
        return (
            f"That was the last one. `kata diff {hint.kata} --spoil` uncovers the "
            "reference."
        )
    return f"The next one: `kata hint {hint.kata}`."
