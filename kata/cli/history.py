"""`kata history`: everything that was ever run for a kata."""

from typing import Annotated

import typer

from kata.cli.context import open_loop
from kata.errors import KataError


def history(
    kata: Annotated[str, typer.Argument(help="A kata, such as models.address.")],
    *,
    show: Annotated[
        int, typer.Option(help="Print the code of this attempt; 0 lists them all.")
    ] = 0,
) -> None:
    """List what was run for a kata, or print one attempt's code.

    Example: kata history models.address --show 3
    """
    loop = open_loop()
    found = loop.progress.history(loop.course.curriculum.kata(kata).id)
    if not show:
        for number, attempt in enumerate(found, start=1):
            status = attempt.status or ""
            typer.echo(f"{number:>4}  {attempt.at}  {attempt.origin:<9}  {status}")
        typer.echo(
            f"`kata history {kata} --show N` prints one of them."
            if found
            else "Nothing has been run for it yet."
        )
    elif show <= len(found):
        typer.echo(found[show - 1].source)
    else:
        raise KataError(
            f"{kata} has {len(found)} attempts, and {show} is not one of them.",
            f"`kata history {kata}` lists them.",
        )
