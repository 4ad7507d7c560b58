"""`kata`: the map of the course and the one next step."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

import typer

from kata.cli import topics as topic_list
from kata.cli.context import open_loop
from kata.cli.output import painted, say, tell
from kata.course.curriculum import Curriculum, Kata, Lesson
from kata.course.find import find_course
from kata.display.words import REASON, counted
from kata.errors import KataError
from kata.loop.loop import Loop
from kata.verdict import Status
from kata.workspace.workspace import VARIABLE

Statuses = dict[str, Status]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"fastapi-katas {version('fastapi-katas')}")
        raise typer.Exit


def show(
    context: typer.Context,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="List the katas of every lesson.")
    ] = False,
    topics: Annotated[
        bool, typer.Option("--topics", help="List the katas by what they teach.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the course's version.",
            callback=_print_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """FastAPI Katas: build Waybill, one failing check at a time.

    Without a command, `kata` shows the map of the course and the next step. Lessons
    that are done, or that nobody has begun, take one line each.

    Example: kata check models.address
    """
    del version
    if context.invoked_subcommand:
        return
    curriculum = find_course().curriculum
    if topics:
        typer.echo("\n".join(topic_list.listed(curriculum)))
        return
    loop = _loop_if_any()
    statuses = loop.statuses(curriculum.katas) if loop else {}
    for line in _map(curriculum, statuses, every=every):
        typer.echo(line)
    typer.echo()
    if loop:
        tell(loop)
    for sentence in _next_step(curriculum, statuses):
        say(sentence)
    if not every:
        say("`kata --all` lists the katas of every lesson.")


def _loop_if_any() -> Loop | None:
    try:
        return open_loop()
    except KataError:
        if os.environ.get(VARIABLE):  # asked for by name: that it is missing matters
            raise
        return None


def _map(curriculum: Curriculum, statuses: Statuses, *, every: bool) -> list[str]:
    words = max((len(REASON[status]) + 2 for status in statuses.values()), default=0)
    ids = max((len(kata.id) + 2 for kata in curriculum.katas), default=0)
    opened = {one.slug for one in _under_way(curriculum, statuses)}
    lines = []
    for part in curriculum.parts:
        lines.append(part.title)
        for lesson in part.lessons:
            count = (
                f"{len(lesson.katas)} {'kata' if len(lesson.katas) == 1 else 'katas'}"
            )
            left = _left(lesson.katas, statuses)
            lines.append(f"  {lesson.slug:<{ids}}{left:<20}{count}")
            if every or lesson.slug in opened:
                lines += [
                    f"    {_word(statuses.get(kata.id), words)}{kata.id:<{ids}}"
                    f"{kata.minutes:>2} min  {'core' if kata.core else 'stretch'}"
                    for kata in lesson.katas
                ]
    return [*lines, "", *_total(curriculum, statuses)]


def _under_way(curriculum: Curriculum, statuses: Statuses) -> Iterator[Lesson]:
    """Yield the lessons that somebody has begun and not ended, and the next one."""
    following = next(iter(_open(curriculum.katas, statuses)), None)
    for lesson in curriculum.lessons:
        states = {statuses.get(kata.id, Status.UNTOUCHED) for kata in lesson.katas}
        is_open = bool(_open(lesson.katas, statuses))
        if following in lesson.katas or (is_open and states != {Status.UNTOUCHED}):
            yield lesson


def _left(katas: Sequence[Kata], statuses: Statuses) -> str:
    """Return how much of a lesson is left, or how long it takes."""
    minutes = sum(kata.minutes for kata in katas)
    left = sum(kata.minutes for kata in _open(katas, statuses))
    if not statuses:
        return f"{minutes} min"
    if left:
        return f"{left} of {minutes} min left"
    given = _given(katas, statuses)
    return f"{given} of {len(katas)} given" if given else "done"


def _total(curriculum: Curriculum, statuses: Statuses) -> list[str]:
    left = _open(curriculum.katas, statuses)
    core = [kata for kata in left if kata.core]
    lines = []
    if left:
        lines.append(
            f"{len(left)} of {len(curriculum.katas)} katas left, {_minutes(left)}; "
            f"{len(core)} of them core, {_minutes(core)}."
        )
    if given := _given(curriculum.katas, statuses):
        are = "is" if given == 1 else "are"
        lines.append(
            f"{counted(given, 'kata')} {are} given: the reference stands in for your "
            "own answer."
        )
    return lines


def _given(katas: Iterable[Kata], statuses: Statuses) -> int:
    return sum(statuses.get(kata.id) is Status.GIVEN for kata in katas)


def _open(katas: Iterable[Kata], statuses: Statuses) -> list[Kata]:
    """Return the katas that are still to be done: all where there is no workspace."""
    return [
        kata
        for kata in katas
        if kata.id not in statuses or not statuses[kata.id].is_done
    ]


def _minutes(katas: Iterable[Kata]) -> str:
    hours, minutes = divmod(sum(kata.minutes for kata in katas), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _word(status: Status | None, width: int) -> str:
    if status is None:
        return ""
    return painted(REASON[status], status) + " " * (width - len(REASON[status]))


def _next_step(curriculum: Curriculum, statuses: Statuses) -> list[str]:
    if not statuses:
        return ["Next: `kata start` makes your workspace and opens JupyterLab."]
    for kata in _open(curriculum.katas, statuses):
        slug = curriculum.lesson_of(kata).slug
        where = f"Next: {kata.id} ({kata.title}), in {slug}.ipynb."
        return [where, "`kata start` opens it."]
    green = "green or given" if _given(curriculum.katas, statuses) else "green"
    return [
        f"Every kata is {green}. `kata run` serves what you built.",
        "`kata summary` tells what that is.",
    ]
