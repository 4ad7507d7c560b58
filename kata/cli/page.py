"""`kata verify --page`: which katas run in the website's pages."""

from collections.abc import Iterator, Sequence

import typer

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.page.proof import BESIDE, Row, prove

COLUMNS = ("starting code", "wrong answer", "our answer", BESIDE)


def verify_pages(course: Course, katas: Sequence[Kata]) -> int:
    """Try these katas in a page's Python, a line for each; return an exit status."""
    typer.echo(f"{'kata':<30}{'in a page':<12}" + "".join(f"{c:>16}" for c in COLUMNS))
    rows = []
    for row in prove(course, katas):
        rows.append(row)
        typer.echo(_line(row))
    for line in _summary(rows):
        typer.echo(line)
    return 1 if any(row.fault for row in rows) else 0


def _line(row: Row) -> str:
    if not row.mark.runs:
        place = "no" if not row.runs else "marked: no"
    else:
        place = "FAULT" if row.fault else "with words" if row.mark.said else "yes"
    shown = []
    for name in COLUMNS:
        tried = [one for one in row.tried if one.name == name]
        right = "right" if all(one.is_right for one in tried) else "WRONG"
        seconds = sum(one.seconds for one in tried)
        shown.append(f"{right} {seconds:6.2f} s" if tried else "-")
    return f"{row.kata.id:<30}{place:<12}" + "".join(f"{cell:>16}" for cell in shown)


def _summary(rows: Sequence[Row]) -> Iterator[str]:
    yield ""
    yield from (row.fault for row in rows if row.fault)
    for row in rows:
        if row.runs and not row.mark.runs:
            yield f"{row.kata.id} runs, although it is marked as one that does not."
    runs = sum(row.runs for row in rows)
    faults = sum(bool(row.fault) for row in rows)
    share = runs / len(rows) if rows else 0
    yield f"{runs} of {len(rows)} katas run in a page ({share:.0%}), {faults} faults"
