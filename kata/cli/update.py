"""`kata update`: a newer course in the workspace, cell by cell."""

import sys
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from kata.cli.context import open_loop
from kata.cli.output import say, tell
from kata.course.master import Cell
from kata.display.text import WIDTH

if TYPE_CHECKING:
    from kata.update.merge import Merge
    from kata.update.update import Step, Update

MISUSE = 2
LONGEST = 40
"""Characters of a cell's first line that tell which one it is."""


def update(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Bring your notebooks up to the installed course; your own cells stay.

    Without --yes it says what it would do, and asks. Your service, your tests and your
    progress are not touched; a notebook is kept in .kata/backup before it is written.

    Example: kata update --yes

    Exit status: 0 done or nothing to do, 2 misuse or a notebook that can't be read.
    """
    from kata.update.update import apply, plan

    loop = open_loop()
    planned = plan(loop)
    tell(loop)
    if not planned.steps:
        _end(planned, "Every notebook is up to date.")
    if not yes:
        _show(planned, "Would update")
        if not _confirmed():
            _end(planned, "Nothing was changed; `kata update --yes` does it.")
    done = apply(loop)
    tell(loop)
    if yes:
        _show(done, "Updated")
    if any(step.merge and step.merge.differs for step in done.steps):
        say(
            "The notebooks as they were are in .kata/backup. One that is open in "
            "JupyterLab or VS Code is to be reloaded from disk before you go on in it. "
            "If an old one was saved over it, update again."
        )
    _end(done, "Done." if done.steps else "Every notebook is up to date.")


def _confirmed() -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm("Go on?")


def _end(update: "Update", sentence: str) -> None:
    """Say how it ended, name what was left alone, and leave."""
    if update.refused and not update.steps:
        sentence = "The other notebooks are up to date."
    say(sentence)
    for name, cells in update.left_out.items():
        say(f"{name} is without what you took out of it: {_names(cells)}.")
    for error in update.refused:
        for line in (f"Left alone: {error.happened}", error.next_step):
            say(line, err=True)
    raise typer.Exit(MISUSE if update.refused else 0)


def _show(update: "Update", word: str) -> None:
    for step in update.steps:
        if step.merge is None:
            typer.echo(f"{word} {step.name}: a new lesson")
            continue
        typer.echo(f"{word} {step.name}:")
        for line in _lines(step, step.merge):
            typer.echo(
                textwrap.fill(
                    line,
                    WIDTH,
                    initial_indent="  ",
                    subsequent_indent="    ",
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            )
    typer.echo()


def _lines(step: "Step", merge: "Merge") -> Iterable[str]:
    if merge.changed:
        yield f"as in the course now: {_names(merge.changed)}"
    if merge.overwritten:
        yield (
            f"the course's text in place of yours: {_names(merge.overwritten)} "
            "(yours stays in .kata/backup)"
        )
    if merge.added:
        yield f"new: {_names(merge.added)}"
    if merge.gone:
        yield f"no longer in the course, removed: {_names(merge.gone)}"
    if merge.moved:
        yield "cells in the course's new order"
    if merge.kept:
        yield (
            "yours stays, though the course changed or dropped it: "
            f"{_names(merge.kept)} (the course's lesson: .kata/given/{step.name})"
        )
    if step.unknown:
        yield "what the course gave was not noted then: your code stays as it is"
    elif not merge.differs and not merge.kept:
        yield "nothing changes in it"


def _names(cells: Iterable[Cell]) -> str:
    return ", ".join(map(_name, cells))


def _name(cell: Cell) -> str:
    """Return what a learner would call a cell."""
    if kata := cell.options.get("kata"):
        return kata
    if needs := cell.options.get("needs"):
        return f"the demo of {needs}"
    lines = (line.strip(" \t#") for line in cell.source.splitlines())
    first = next(filter(None, lines), "an empty cell")
    short = first if len(first) <= LONGEST else f"{first[: LONGEST - 1].rstrip()}…"
    return f"“{short}”"
