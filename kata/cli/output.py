"""How the subcommands print: words first, colour only where a terminal wants it."""

import os
import sys

import typer

from kata.loop import Loop
from kata.verdict import Status

COLOUR = {
    Status.PASSED: typer.colors.GREEN,
    Status.FAILED: typer.colors.RED,
    Status.BROKEN: typer.colors.RED,
    Status.UNTOUCHED: typer.colors.BLUE,
    Status.BLOCKED: typer.colors.YELLOW,
    Status.UNAVAILABLE: typer.colors.YELLOW,
}


def painted(word: str, status: Status) -> str:
    """Return a word in the colour of a status, or as it is where nobody sees it."""
    return typer.style(word, fg=COLOUR[status], bold=True) if _colourful() else word


def tell(loop: Loop) -> None:
    """Print what happened on the side, such as a damaged file that was set aside."""
    for note in loop.told():
        typer.echo(note)


def _colourful() -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain
