"""`kata check`: the notebook's verdicts in the terminal."""

from typing import Annotated

import typer

from kata.cli.context import katas_named, open_loop
from kata.display import text
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
) -> None:
    """Check what is on disk, without changing it.

    Example: kata check models.address

    Exit status: 0 all green, 1 not yet, 2 misuse.
    """
    loop = open_loop()
    green = True
    for kata in katas_named(loop.course, name):
        verdict = loop.check(kata)
        green = green and verdict.status in {Status.PASSED, Status.UNAVAILABLE}
        typer.echo(text.render(verdict) + "\n")
        if traceback and verdict.problem and verdict.problem.report:
            typer.echo(verdict.problem.report + "\n")
    raise typer.Exit(0 if green else 1)
