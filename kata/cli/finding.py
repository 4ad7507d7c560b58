"""What `kata doctor` finds: one thing each, and how it is shown."""

import textwrap
from dataclasses import dataclass

import typer

from kata.cli.output import painted
from kata.display.text import WIDTH
from kata.verdict import Status

INDENT = " " * 6


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    `fix` says what to do where it is not right, `note` what to know where it is.
    """

    what: str
    fix: str = ""
    note: str = ""

    def show(self) -> None:
        """Print it: a word for how it stands, what it is, and what to do or to know."""
        if self.fix:
            word = painted("fix", Status.FAILED) + " "
        elif self.note:
            word = painted("note", Status.BLOCKED)
        else:
            word = painted("ok", Status.PASSED) + "  "
        typer.echo(f"{word}  {_wrapped(self.what)}")
        for advice in filter(None, (self.fix, self.note)):
            typer.echo(f"{INDENT}{_wrapped(advice)}")


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text,
        WIDTH - len(INDENT),
        subsequent_indent=INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
