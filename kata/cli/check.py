"""`kata check`: the notebook's verdicts in the terminal."""

import json
from collections.abc import Iterable
from typing import Annotated

import typer

from kata.cli.context import katas_named, open_loop
from kata.cli.output import show_verdict
from kata.course.find import find_course
from kata.display.after import after_green
from kata.display.machine import report
from kata.loop.saved import Saved
from kata.verdict import Status


def check(
    name: Annotated[
        str,
        typer.Argument(
            help="A kata (models.address) or a lesson (02); all if left out."
        ),
    ] = "",
    *,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show pytest's own report as well.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print it for a program to read.")
    ] = False,
) -> None:
    """Check what is on disk, and what is saved in a notebook and was never run.

    A saved cell that nobody has run is run first, as Shift+Enter would. It never takes
    the place of an answer that is green, or that was changed in an editor.

    Example: kata check models.address

    Exit status: 0 nothing is open (all green, given, or not to be checked here), 1 not
    yet, 2 misuse.
    """
    katas = katas_named(find_course(), name)
    loop = open_loop(once=len(katas) == 1)
    saved = Saved(loop)
    verdicts = []
    for kata in katas:
        verdict = saved.check(kata)
        verdicts.append(verdict)
        if not as_json:
            alone = len(katas) == 1 and verdict.status is Status.PASSED
            after = after_green(loop, kata, "kata diff") if alone else None
            show_verdict(verdict, after, traceback=traceback)
    statuses = [verdict.status for verdict in verdicts]
    if as_json:
        data = report(verdicts, loop.course.curriculum, loop.workspace)
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    elif len(katas) > 1:
        typer.echo(_counted(statuses))
    raise typer.Exit(0 if all(status.is_done for status in statuses) else 1)


def _counted(statuses: Iterable[Status]) -> str:
    found = list(statuses)
    words = [f"{found.count(Status.PASSED)} of {len(found)} katas are green"]
    if given := found.count(Status.GIVEN):
        words.append(f"{given} {'is' if given == 1 else 'are'} given")
    if unchecked := found.count(Status.UNAVAILABLE):
        words.append(f"{unchecked} can't be checked here")
    return "; ".join(words) + "."
