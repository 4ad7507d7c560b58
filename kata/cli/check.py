"""`kata check`: the notebook's verdicts in the terminal."""

from typing import Annotated

import typer

from kata.cli.context import katas_named, open_loop
from kata.cli.output import show_verdict
from kata.course.find import find_course
from kata.display.after import after_green
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
    katas = katas_named(find_course(), name)
    loop = open_loop(once=len(katas) == 1)
    green = 0
    for kata in katas:
        verdict = loop.check(kata)
        green += verdict.status.is_done
        alone = len(katas) == 1 and verdict.status is Status.PASSED
        after = after_green(loop, kata, "kata diff") if alone else None
        show_verdict(verdict, after, traceback=traceback)
    if len(katas) > 1:
        typer.echo(f"{green} of {len(katas)} katas are green.")
    raise typer.Exit(0 if green == len(katas) else 1)
