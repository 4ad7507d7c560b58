"""What tests of the loop share: the sample's cells, and looks at what a run left."""

import json

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.progress.records import Attempt
from kata.verdict import Verdict
from kata.workspace.workspace import Workspace
from tests.helpers.places import SAMPLE

COURSE = Course(SAMPLE)
NAME, HELLO, DOUBLE = COURSE.curriculum.katas
GREETING, COUNTING = COURSE.curriculum.lessons
NAME_CELLS, HELLO_CELLS = COURSE.cells(NAME), COURSE.cells(HELLO)
GREET, APP = NAME_CELLS.reference, HELLO_CELLS.reference
TWICE = COURSE.cells(DOUBLE).reference
STUB = NAME_CELLS.stub
FILE, NUMBERS = "waybill/hello.py", "waybill/numbers.py"


def service(loop: Loop) -> dict[str, bytes]:
    """Return every file of the service, by path."""
    root = loop.workspace.root
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / "waybill").rglob("*"))
        if path.is_file()
    }


def text(loop: Loop) -> str:
    return loop.workspace.read(FILE) or ""


def change(place: Workspace, file: str, old: str, new: str) -> None:
    """Change a file as an editor does."""
    before = place.read(file) or ""
    assert old in before
    (place.root / file).write_text(before.replace(old, new), encoding="utf-8")


def save_cell(place: Workspace, lesson: str, cell: str, source: str) -> None:
    """Save a notebook with another text in one of its cells."""
    path = place.root / f"{lesson}.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    (found,) = [one for one in raw["cells"] if one["id"] == cell]
    found["source"] = source
    path.write_text(json.dumps(raw), encoding="utf-8")


def edit(loop: Loop, old: str, new: str) -> None:
    """Change the first katas' file in an editor."""
    change(loop.workspace, FILE, old, new)


def history(loop: Loop) -> list[Attempt]:
    return loop.progress.history(NAME.id)


def said(verdict: Verdict) -> str:
    problem = verdict.problem
    words = [problem.happened, problem.next_step] if problem else []
    return "\n".join([*words, *verdict.notes])
