"""One page a lesson: its master, with all that a notebook shows after it has run."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, pairwise

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.course.master import Cell
from kata.errors import KataError
from kata.site import behind, shown
from kata.site.markdown import (
    admonition,
    escaped,
    fence,
    fold,
    heading,
    page,
    portable,
    table,
)

NOTEBOOK = re.compile(r"\]\((?!\w+:)([^()#\s]+)\.ipynb(?=[)#])")
"""Where a link to another notebook begins."""
HINTS = ("a question", "where to read", "the shape of the code")
"""What each rung of the hints is."""


def path_of(lesson: Lesson) -> str:
    """Return where a lesson's page stands, below the site's sources."""
    return f"lessons/{lesson.slug}.md"


def number(lesson: Lesson) -> str:
    """Return a lesson's number as it is written: `02`."""
    return lesson.slug.partition("_")[0]


def render(course: Course, lesson: Lesson) -> str:
    """Return a lesson's page. A cell that no page can show is a `KataError`."""
    cells = course.master(lesson).cells
    intro, rest = (cells[0], cells[1:]) if cells else (None, ())
    if intro is None or intro.is_code:
        raise KataError(
            f"{lesson.slug}.ipynb does not begin with a title and some prose.",
            "Put a markdown cell in front of it.",
        )
    return page(
        prose(intro.source),
        _glance(course, lesson),
        _unfinished(course, lesson),
        *_blocks(course, lesson, rest),
    )


def missing(course: Course, lesson: Lesson) -> dict[str, list[Kata]]:
    """Return what a lesson lacks before it is whole, and which katas lack it."""
    lacks: dict[str, Callable[[Kata], bool]] = {
        "checks": lambda kata: not course.checks_path(kata).exists(),
        "hints": lambda kata: not course.cells(kata).hints,
        "stored verdicts": lambda kata: not _stub_of(course, kata).raw.get("outputs"),
    }
    found = {what: [*filter(lack, lesson.katas)] for what, lack in lacks.items()}
    return {what: katas for what, katas in found.items() if katas}


def prose(source: str) -> str:
    """Return a markdown cell; notebooks it links to become pages."""
    return NOTEBOOK.sub(r"](\1.md", portable(source))


def _stub_of(course: Course, kata: Kata) -> Cell:
    cells = course.master(course.curriculum.lesson_of(kata)).cells
    return next(cell for cell in cells if _is_stub(cell, {kata.id: kata}))


def _glance(course: Course, lesson: Lesson) -> str:
    """Return what a reader wants to know before the first kata."""
    files = dict.fromkeys(kata.file for kata in lesson.katas)
    rows = [
        (
            f"[{escaped(kata.title)}](#{kata.name})",
            f"{kata.minutes} min, {'core' if kata.core else 'stretch'}",
            *([f"`{kata.file.removeprefix('waybill/')}`"] if len(files) > 1 else []),
        )
        for kata in lesson.katas
    ]
    head = ("kata", "time", *(["file"] if len(files) > 1 else []))
    first = lesson is course.curriculum.lessons[0]
    begin = (
        ""
        if first
        else " `uv run kata catch-up "
        f"{number(lesson)}`, in your workspace, fills in what earlier lessons lack."
    )
    return page(
        f"You write {_listed(f'`{file}`' for file in files)}.",
        table(head, rows),
        admonition(
            "tip",
            "Work through it in Jupyter",
            f"`uv run kata start` opens your workspace in JupyterLab. This lesson is "
            f"`{lesson.slug}.ipynb` there.{begin}",
        ),
    )


def _unfinished(course: Course, lesson: Lesson) -> str:
    lacking = missing(course, lesson)
    if not lacking:
        return ""
    items = "\n".join(
        f"- {what}: {_listed(f'`{kata.id}`' for kata in katas)}"
        for what, katas in lacking.items()
    )
    return admonition(
        "warning", "This lesson is being written", f"It still lacks\n\n{items}"
    )


def _blocks(course: Course, lesson: Lesson, cells: Iterable[Cell]) -> Iterator[str]:
    katas = {kata.id: kata for kata in lesson.katas}
    following = [*cells]
    told = False
    for cell, after in pairwise([*following, None]):
        if cell is None or _connects(cell):
            continue
        if "hint" in cell.tags or "solution" in cell.tags:
            if not told:
                yield from _help(_run_from(cell, following))
            told = True
            continue
        told = False
        if after and _is_stub(after, katas) and not cell.is_code:
            yield _brief(katas[after.options["kata"]], cell)
        elif _is_stub(cell, katas):
            yield from _task(course, lesson, katas[cell.options["kata"]], cell)
        elif cell.is_code:
            yield fence(cell.source)
            yield shown.outputs(cell, _name(lesson, cell))
        else:
            yield prose(cell.source)


def _connects(cell: Cell) -> bool:
    """Tell the cell that connects a notebook to its workspace: no reader needs it."""
    return cell.is_code and "%lesson" in cell.source


def _is_stub(cell: Cell, katas: dict[str, Kata]) -> bool:
    return cell.options.get("kata") in katas and "solution" not in cell.tags


def _run_from(cell: Cell, cells: list[Cell]) -> list[Cell]:
    """Return a cell and those after it that are hints and solutions too."""
    rest = cells[cells.index(cell) :]
    _, run = next(groupby(rest, lambda one: bool({"hint", "solution"} & one.tags)))
    return [*run]


def _brief(kata: Kata, cell: Cell) -> str:
    """Return a brief, its heading with the kata's own anchor."""
    first, _, rest = cell.source.partition("\n")
    if not first.startswith("## "):
        first, rest = f"## {kata.title}", cell.source
    return page(heading(2, first.removeprefix("## "), kata.name), prose(rest))


def _task(course: Course, lesson: Lesson, kata: Kata, stub: Cell) -> Iterator[str]:
    yield fence(stub.source)
    yield shown.verdict(stub, _name(lesson, stub))
    if course.checks_path(kata).exists():
        where = f"../{behind.path_of(lesson, kata)}"
        yield f"[Behind this kata]({where}): {behind.contents(course, kata)}."


def _help(cells: list[Cell]) -> Iterator[str]:
    """Yield the hints and the answers of a kata, each folded."""
    hints = [cell for cell in cells if "hint" in cell.tags]
    for rung, cell in enumerate(hints):
        what = f": {HINTS[rung]}" if rung < len(HINTS) else ""
        yield fold("question", f"Hint {rung + 1}{what}", prose(cell.source))
    yield _answer([cell for cell in cells if "solution" in cell.tags])


def _answer(cells: list[Cell]) -> str:
    """Return the solution and its explanation. Variants are on the page behind."""
    parts = []
    for cell in cells:
        if not cell.is_code:
            parts.append(prose(cell.source))
        elif "variant" not in cell.options:
            said = shown.headline(cell)
            parts.append(fence(cell.source))
            parts.append(f"**{escaped(said)}**{{ .holds }}" if said else "")
    return fold("success", "Solution, and why", page(*parts)) if cells else ""


def _name(lesson: Lesson, cell: Cell) -> str:
    return f"The cell `{cell.raw.get('id', '?')}` of {lesson.slug}.ipynb"


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
