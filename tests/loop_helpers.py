"""What tests of the loop share: the sample's cells, and looks at what a run left."""

from pathlib import Path

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.progress.records import Attempt
from kata.verdict import Verdict

SAMPLE = Course(Path(__file__).parent / "sample_course")
NAME, HELLO, DOUBLE = SAMPLE.curriculum.katas
GREETING, COUNTING = SAMPLE.curriculum.lessons
NAME_CELLS, HELLO_CELLS = SAMPLE.cells(NAME), SAMPLE.cells(HELLO)
GREET, APP = NAME_CELLS.reference, HELLO_CELLS.reference
STUB = NAME_CELLS.stub
FILE = "waybill/hello.py"


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


def edit(loop: Loop, old: str, new: str) -> None:
    """Change the file in an editor."""
    assert old in text(loop)
    loop.workspace.write(FILE, text(loop).replace(old, new))


def history(loop: Loop) -> list[Attempt]:
    return loop.progress.history(NAME.id)


def said(verdict: Verdict) -> str:
    problem = verdict.problem
    words = [problem.happened, problem.next_step] if problem else []
    return "\n".join([*words, *verdict.notes])
