"""`kata history`: everything that was ever run for a kata."""

from datetime import datetime
from typing import Annotated

import typer

from kata.cli.context import open_loop
from kata.cli.output import painted, show_verdict, tell
from kata.display.words import REASON
from kata.errors import KataError
from kata.progress.records import Attempt


def history(
    kata: Annotated[str, typer.Argument(help="A kata, such as models.address.")],
    *,
    show: Annotated[
        int | None, typer.Option(min=1, help="Print the code of this attempt.")
    ] = None,
    restore: Annotated[
        int | None, typer.Option(min=1, help="Make this attempt your answer again.")
    ] = None,
) -> None:
    """List what was run for a kata; print an attempt, or make it the answer again.

    Example: kata history models.address --restore 3

    Exit status: 0 done, 1 the restored attempt is not green, 2 misuse.
    """
    if show and restore:
        raise KataError("--show prints, --restore writes.", "Choose one.")
    loop = open_loop()
    one = loop.course.curriculum.kata(kata)
    if restore:
        verdict = loop.restore(one, restore)
        show_verdict(verdict)
        raise typer.Exit(0 if verdict.status.is_right else 1)
    if show:
        typer.echo(loop.progress.attempt(kata, show).source)
    else:
        _list(loop.progress.history(kata))
    tell(loop)


def _list(attempts: list[Attempt]) -> None:
    for number, attempt in enumerate(attempts, start=1):
        at = datetime.fromisoformat(attempt.at).astimezone()
        status = attempt.status
        word = painted(REASON[status], status) if status else ""
        row = f"{number:>4}  {at:%Y-%m-%d %H:%M}  {attempt.origin:<9}  {word}"
        typer.echo(row.rstrip())
    typer.echo(
        "`--show N` prints one of them, `--restore N` makes it your answer again."
        if attempts
        else "Nothing has been run for it yet."
    )
