"""How the subcommands print: words first, colour only where a terminal wants it."""

import os
import sys
import textwrap

import typer

from kata.display import text
from kata.display.after import After
from kata.loop.loop import Loop
from kata.verdict import Status, Verdict

CLEAR = "\x1b[2J\x1b[3J\x1b[H"
COLOUR = {
    Status.PASSED: typer.colors.GREEN,
    Status.FAILED: typer.colors.RED,
    Status.BROKEN: typer.colors.MAGENTA,
    Status.UNTOUCHED: typer.colors.BLUE,
    Status.BLOCKED: typer.colors.YELLOW,
    Status.UNAVAILABLE: typer.colors.YELLOW,
    Status.GIVEN: typer.colors.BLUE,
}


def painted(word: str, status: Status) -> str:
    """Return a word in the colour of a status, or as it is where nobody sees it."""
    return typer.style(word, fg=COLOUR[status], bold=True) if _colourful() else word


def tinted(line: str, mark: str) -> str:
    """Return a line of a comparison in the colour of its mark."""
    colour = {"-": typer.colors.RED, "+": typer.colors.GREEN}.get(mark)
    return typer.style(line, fg=colour) if colour and _colourful() else line


def say(sentence: str, *, err: bool = False) -> None:
    """Print a sentence, in lines that fit a terminal and break no path."""
    typer.echo(
        textwrap.fill(
            sentence, text.WIDTH, break_long_words=False, break_on_hyphens=False
        ),
        err=err,
    )


def tell(loop: Loop) -> None:
    """Print what happened on the side, such as a damaged file that was set aside."""
    for note in loop.told():
        say(note)


def show_verdict(
    verdict: Verdict, after: After | None = None, *, traceback: bool = False
) -> None:
    """Print a verdict as the notebook would show it, and an empty line."""
    word, colon, rest = text.render(verdict, after).partition(":")
    typer.echo(f"{painted(word, verdict.status)}{colon}{rest}\n")
    if traceback and verdict.problem and verdict.problem.report:
        typer.echo(f"{verdict.problem.report}\n")


def clear_screen() -> None:
    """Empty a terminal's screen; a pipe or a dumb terminal gets an empty line."""
    capable = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    typer.echo(CLEAR if capable else "", nl=not capable)


def _colourful() -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain
