"""`kata export`: the service as a project of its own."""

from pathlib import Path
from typing import Annotated

import typer

from kata.cli.context import open_loop
from kata.cli.output import say, tell


def export(
    folder: Annotated[Path, typer.Argument(help="An empty or a new folder.")],
) -> None:
    """Write your service as a project of its own, which needs nothing of the course.

    The package as plain code, the tests that you wrote and tests of each part,
    README.md, packaging, Dockerfile, compose file, CI. Your workspace stays as it is.

    Example: kata export ../waybill
    """
    from kata.export.export import export as write

    loop = open_loop()
    target = folder.expanduser().resolve()
    still_open = write(loop, target)
    tell(loop)
    typer.echo(f"Your service: {target}")
    if still_open:
        names = ", ".join(kata.id for kata in still_open)
        say(f"Not green yet, and written as it is: {names}.")
    say("Its README says how to install, run and test it.")
