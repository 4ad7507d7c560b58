"""`kata history`: everything that was ever run for a kata."""

from datetime import datetime
from typing import Annotated

import typer

from kata.cli.context import open_loop
from kata.cli.output import painted, tell
from kata.display.words import REASON
from kata.errors import KataError
from kata.progress import Attempt


def history(
    kata: Annotated[str, typer.Argument(help="A kata, such as models.address.")],
    *,
    show: Annotated[
        int | None, typer.Option(min=1, help="Print the code of this attempt.")
    ] = None,
) -> None:
    """List what was run for a kata, or print one attempt's code.

    Example: kata history models.address --show 3
    """
    loop = open_loop()
    found = loop.progress.history(loop.course.curriculum.kata(kata).id)
    tell(loop)
    if show is None:
        _list(kata, found)
    elif show <= len(found):
        typer.echo(found[show - 1].source)
    else:
        raise KataError(
            f"{kata} has no attempt {show}; it has {len(found)}.",
            f"`kata history {kata}` lists them.",
        )


def _list(kata: str, attempts: list[Attempt]) -> None:
    for number, attempt in enumerate(attempts, start=1):
        at = datetime.fromisoformat(attempt.at).astimezone()
        status = attempt.status
        word = painted(REASON[status], status) if status else ""
        row = f"{number:>4}  {at:%Y-%m-%d %H:%M}  {attempt.origin:<9}  {word}"
        typer.echo(row.rstrip())
    typer.echo(
        f"`kata history {kata} --show N` prints one of them."
        if attempts
        else "Nothing has been run for it yet."
    )
