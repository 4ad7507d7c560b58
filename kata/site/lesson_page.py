"""One page a lesson: its master, with all that a notebook shows after it has run."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.course.master import HEADING, Cell
from kata.errors import KataError
from kata.site import behind, marks, shown
from kata.site.markdown import (
    admonition,
    block,
    escaped,
    fence,
    front_matter,
    heading,
    page,
    plain_heading,
    portable,
    quiet_fold,
    table,
)
from kata.site.sections import BRIEF, Section, is_stub, sections

NOTEBOOK = re.compile(r"\]\((?!\w+:)([^()#\s]+)\.ipynb(?=[)#])")
"""Where a link to another notebook begins."""
NOTEBOOKS = "notebooks"
"""The folder of the site with the notebooks to download."""
HINTS = ("where to look", "what to use", "the shape of the code")
"""What each rung of the hints is."""
FIX = re.compile(r"^.*·.*\bfix\b.*$", re.MULTILINE)
"""The line of a brief that calls its kata a fix."""


def path_of(lesson: Lesson) -> str:
    """Return where a lesson's page stands, below the site's sources."""
    return f"lessons/{lesson.slug}.md"


def render(course: Course, lesson: Lesson) -> str:
    """Return a lesson's page. A cell that no page can show is a `KataError`."""
    opening, parts = parts_of(course, lesson)
    return page(
        front_matter(lesson=lesson.slug),
        prose(opening.source),
        glance(course, lesson),
        _begin(course, lesson),
        _unfinished(course, lesson),
        *(
            text
            for part in parts
            for text in (
                _kata(course, lesson, part, part.kata)
                if part.kata
                else shown_cells(lesson, part.cells)
            )
        ),
    )


def parts_of(course: Course, lesson: Lesson) -> tuple[Cell, list[Section]]:
    """Return the cell that opens a lesson, and the sections that follow it."""
    cells = course.master(lesson).cells
    if not cells or cells[0].is_code:
        raise KataError(
            f"{lesson.slug}.ipynb does not begin with a title and some prose.",
            "Put a markdown cell in front of it.",
        )
    katas = {kata.id: kata for kata in lesson.katas}
    return cells[0], sections(cells[1:], katas)


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


def kind(course: Course, kata: Kata) -> str:
    """Return what a kata is: `core`, `stretch`, and whether it fixes a bug."""
    what = "core" if kata.core else "stretch"
    return f"{what}, fix" if FIX.search(course.cells(kata).brief) else what


def glance(course: Course, lesson: Lesson) -> str:
    """Return the table of a lesson's katas."""
    rows = [
        (
            f"[{escaped(kata.title)}](#{kata.name})",
            kind(course, kata),
            f"{kata.minutes} min",
            f"`{kata.file.removeprefix('waybill/')}`",
        )
        for kata in lesson.katas
    ]
    return table(("kata", "kind", "time", "file"), rows)


def title_of(part: Section, kata: Kata) -> tuple[str, str]:
    """Return the title of a kata's section, and the rest of the cell that has it."""
    first, _, rest = part.cells[0].source.partition("\n")
    if first.startswith(HEADING):
        return first.removeprefix(HEADING), rest
    return kata.title, part.cells[0].source if part.above else ""


def shown_cells(lesson: Lesson, cells: Iterable[Cell]) -> Iterator[str]:
    """Yield cells as they stand in the notebook, each with what it has printed."""
    for cell, after in pairwise([*cells, None]):
        if cell is None or _connects(cell):
            continue
        name = _name(lesson, cell)
        if not cell.is_code:
            yield prose(cell.source)
        elif "example" in cell.options:
            said = after.source if after and not after.is_code else ""
            marked = marks.marked(cell, said, name)
            yield fence(cell.source, title="Example", marked=marked)
            yield shown.outputs(cell, name)
        else:
            yield fence(cell.source)
            yield shown.outputs(cell, name)


def task(lesson: Lesson, part: Section, *, verdict: bool = True) -> str:
    """Return the task of a kata: its brief, its starting code, and its verdict."""
    brief, stub = part.brief, part.stub
    if stub is None or part.kata is None:
        return ""
    said = prose(brief.source) if brief else ""
    lead, title, rest = _split(said)
    start = page(
        fence(stub.source, title="Starting code"),
        shown.verdict(stub, _name(lesson, stub)) if verdict else "",
    )
    named = plain_heading(title, f"{part.kata.name}-task")
    return page(
        lead,
        block("div", page(named, rest), class_="task"),
        block("div", start, class_="start", data_kata=part.kata.id),
    )


def answer(lesson: Lesson, part: Section, *, verdict: bool = True) -> str:
    """Return the solution with its verdict, and the look back."""
    parts = []
    for cell in part.answer:
        if cell.is_code:
            parts.append(fence(cell.source, title="Solution"))
            parts.append(shown.verdict(cell, _name(lesson, cell)) if verdict else "")
        else:
            parts.append(prose(cell.source))
    return page(*parts) if parts else ""


def hints(part: Section) -> Iterator[tuple[str, str]]:
    """Yield the title and the text of each hint of a kata."""
    for rung, cell in enumerate(part.hints):
        what = f": {HINTS[rung]}" if rung < len(HINTS) else ""
        yield f"Hint {rung + 1}{what}", prose(cell.source)


def listed(words: Iterable[str]) -> str:
    """Return words as a sentence lists them."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _split(brief: str) -> tuple[str, str, str]:
    """Return what stands above the task's title, the title, and the task."""
    if brief.startswith(HEADING):
        brief = brief.partition("\n")[2]
    lead, found, rest = f"\n{brief}".partition(f"\n{BRIEF}")
    if not found:
        return "", "Your turn", brief
    title, _, rest = rest.partition("\n")
    return lead, f"Your turn{title}", rest


def _stub_of(course: Course, kata: Kata) -> Cell:
    cells = course.master(course.curriculum.lesson_of(kata)).cells
    return next(c for c in cells if is_stub(c) and c.options["kata"] == kata.id)


def _begin(course: Course, lesson: Lesson) -> str:
    """Return where the lesson is worked through."""
    begin = "`uv run kata start` opens your workspace in JupyterLab; this lesson is "
    begin += f"`{lesson.slug}.ipynb` there."
    if lesson is not course.curriculum.lessons[0]:
        begin += (
            f" `uv run kata catch-up {lesson.number}`, in your workspace, fills in "
            "what earlier lessons lack."
        )
    where = f"../{NOTEBOOKS}/{lesson.slug}.ipynb"
    link = f"[Download the notebook]({where}){{ download }}"
    return block("div", f"**Work through it in Jupyter.** {begin} {link}", class_="aid")


def _unfinished(course: Course, lesson: Lesson) -> str:
    lacking = missing(course, lesson)
    if not lacking:
        return ""
    items = "\n".join(
        f"- {what}: {listed(f'`{kata.id}`' for kata in katas)}"
        for what, katas in lacking.items()
    )
    return admonition(
        "warning", "This lesson is being written", f"It still lacks\n\n{items}"
    )


def _kata(course: Course, lesson: Lesson, part: Section, kata: Kata) -> Iterator[str]:
    """Yield a kata from its problem to its other answers."""
    title, rest = title_of(part, kata)
    parts = [
        _bar(course, lesson, kata, title),
        heading(2, title, kata.name),
        prose(rest) if part.above else "",
        *shown_cells(lesson, part.above[1:]),
        task(lesson, part),
        _help(lesson, part),
        *shown_cells(lesson, part.below),
    ]
    if course.checks_path(kata).exists():
        where = f"../{behind.path_of(lesson, kata)}"
        link = f"[Behind this kata]({where}): {behind.contents(course, kata)}."
        parts.append(block("p", link, class_="behind"))
    yield block("section", page(*parts), class_="kata")


def _bar(course: Course, lesson: Lesson, kata: Kata, title: str) -> str:
    """Return the line that stays in sight while a reader is in this kata."""
    at = f"Kata {lesson.katas.index(kata) + 1} of {len(lesson.katas)}"
    links = (
        f"[{title}](#{kata.name}){{ .title }} {kind(course, kata)}, "
        f"{kata.minutes} min [Task](#{kata.name}-task){{ .task-link }}"
    )
    return block("nav", f"**{at}** {links}", class_="bar", aria_label=at)


def _help(lesson: Lesson, part: Section) -> str:
    """Return the hints and the answer of a kata, each folded."""
    folds = [quiet_fold("hint", title, said) for title, said in hints(part)]
    if solved := answer(lesson, part):
        folds.append(quiet_fold("answer", "Solution, and why", solved))
    return page(*folds) if folds else ""


def _connects(cell: Cell) -> bool:
    """Tell the cell that connects a notebook to its workspace: no reader needs it."""
    return cell.is_code and "%lesson" in cell.source


def _name(lesson: Lesson, cell: Cell) -> str:
    return f"The cell `{cell.raw.get('id', '?')}` of {lesson.slug}.ipynb"
