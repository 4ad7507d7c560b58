"""`kata summary`: what was built so far, in the learner's own numbers."""

from collections.abc import Iterator
from datetime import timedelta

import typer

from kata.cli.context import open_loop
from kata.cli.output import say, tell
from kata.display.words import counted
from kata.loop.summary import LONGEST_PAUSE, Summary, size, summarize


def summary() -> None:
    """Say what your Waybill can do by now, and what you have done for it.

    Example: kata summary
    """
    loop = open_loop()
    found = summarize(loop)
    for line in _able(found):
        typer.echo(line)
    said = (_katas(found), _attempts(found), _service(*size(loop)), _next(found))
    for sentence in said:
        typer.echo()
        say(sentence)
    tell(loop)


def _able(found: Summary) -> Iterator[str]:
    if not found.able:
        yield "The core of no lesson is done yet."
        return
    yield "Your Waybill can now"
    yield ""
    for lesson in found.able:
        yield f"  {lesson.number}  {lesson.cannot or lesson.title}"


def _katas(found: Summary) -> str:
    said = [f"{counted(found.passed, 'kata')} solved by you"]
    if found.passed:
        said[0] += f", {found.first_try} at the first attempt"
    if found.given:
        said.append(f"{found.given} given")
    if found.unavailable:
        said.append(f"{found.unavailable} unavailable on this machine")
    if found.left:
        said.append(f"{found.left} left")
    return "; ".join(said) + "."


def _attempts(found: Summary) -> str:
    if not found.attempts:
        return "You have not tried an answer yet."
    return (
        f"{counted(found.attempts, 'attempt')} on {counted(found.days, 'day')}, and "
        f"{counted(found.hints, 'hint')} read. From the first attempt to the last it "
        f"was {_time(found.worked)}, if pauses of more than {_time(LONGEST_PAUSE)} are "
        "left out."
    )


def _service(files: int, lines: int) -> str:
    return (
        f"Your service has {counted(lines, 'line')} in {counted(files, 'file')}, tests "
        "included."
    )


def _next(found: Summary) -> str:
    if found.left:
        return "`kata` shows the next step."
    return (
        "`kata export ../waybill` makes it a project of its own, with tests, a "
        "container and CI. `kata run` serves it, and `kata --topics` says where you "
        "have learned what."
    )


def _time(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else counted(minutes, "minute")
