"""`kata check`: the notebook's verdicts in the terminal."""

from typing import Annotated

import typer

from kata.cli.context import katas_named, open_loop
from kata.cli.output import painted
from kata.display import text
from kata.verdict import Status, Verdict

GREEN = {Status.PASSED, Status.UNAVAILABLE}
"""What this machine can't check does not count against anyone."""


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
) -> None:
    """Check what is on disk, without changing it.

    Example: kata check models.address

    Exit status: 0 all green, 1 not yet, 2 misuse.
    """
    loop = open_loop()
    katas = katas_named(loop.course, name)
    green = 0
    for kata in katas:
        verdict = loop.check(kata)
        green += verdict.status in GREEN
        _show(verdict, traceback=traceback)
    if len(katas) > 1:
        typer.echo(f"{green} of {len(katas)} katas are green.")
    raise typer.Exit(0 if green == len(katas) else 1)


def _show(verdict: Verdict, *, traceback: bool) -> None:
    word, colon, rest = text.render(verdict).partition(":")
    typer.echo(f"{painted(word, verdict.status)}{colon}{rest}\n")
    if traceback and verdict.problem and verdict.problem.report:
        typer.echo(f"{verdict.problem.report}\n")
