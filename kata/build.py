"""From the masters to everything derived from them: lessons and the service."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kata import notebook, workspace
from kata.course import Course
from kata.curriculum import Lesson
from kata.errors import KataError
from kata.loop import Loop
from kata.runner.plain import PlainRunner
from kata.workspace import VARIABLE, Workspace, write_atomically

CELL_TIME_LIMIT = 120
"""Seconds; a kata's own limit is far below."""


@dataclass(frozen=True)
class Difference:
    """A derived file that is not what the masters say."""

    path: Path
    reason: str


def derived_files(course: Course) -> dict[Path, str]:
    """Return what lessons/ and solutions/service/ should hold, by path."""
    files = {
        course.lesson_path(lesson): notebook.dump(
            notebook.lesson_of(course.master(lesson).raw)
        )
        for lesson in course.curriculum.lessons
    }
    service = course.reference(course.curriculum.katas)
    return files | {_service(course) / file: text for file, text in service.items()}


def differences(course: Course) -> list[Difference]:
    """Return where the derived files differ from the masters."""
    wanted = derived_files(course)
    found = []
    for path, text in wanted.items():
        if not path.exists():
            found.append(Difference(path, "is missing"))
        elif path.read_text(encoding="utf-8") != text:
            found.append(Difference(path, "differs from its master"))
    found += [
        Difference(path, "has no master")
        for path in sorted(_present(course) - {*wanted})
    ]
    return found


def derive(course: Course) -> list[Path]:
    """Write the derived files that differ, remove those without a master."""
    wanted = derived_files(course)
    changed = [difference.path for difference in differences(course)]
    for path in changed:
        if path in wanted:
            write_atomically(path, wanted[path])
        else:
            path.unlink()
    return changed


def run_masters(course: Course, lessons: tuple[Lesson, ...]) -> Iterator[Lesson]:
    """Execute masters and store their outputs; yield each lesson that changed."""
    for lesson in lessons:
        path = course.master_path(lesson)
        text = notebook.dump(execute(course, lesson))
        if path.read_text(encoding="utf-8") != text:
            write_atomically(path, text)
            yield lesson


def execute(course: Course, lesson: Lesson) -> notebook.Raw:
    """Run a master in a fresh workspace and return it with clean outputs."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    path = course.master_path(lesson)
    document = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    with fresh_workspace(course, lesson) as place:
        client = NotebookClient(
            document,
            timeout=CELL_TIME_LIMIT,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(place.root)}},
        )
        try:
            client.execute(env=kernel_environment(course, place))
        except CellExecutionError as error:
            raise KataError(
                f"A cell of {path.name} raised an error:\n{error}",
                "Mend the cell; a master runs from top to bottom without one.",
            ) from None
    return clean(document)


@contextmanager
def fresh_workspace(course: Course, lesson: Lesson) -> Iterator[Workspace]:
    """Make a workspace that has caught up with a lesson, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="kata-") as folder:
        place = workspace.create(Path(folder).resolve() / "workspace", course)
        Loop(course, place, PlainRunner()).catch_up(lesson)
        yield place


def kernel_environment(course: Course, place: Workspace) -> dict[str, str]:
    """Return the environment of a kernel that works in a workspace."""
    import os

    return {**os.environ, VARIABLE: str(place.root), "KATA_COURSE": str(course.root)}


def clean(document: Any) -> notebook.Raw:  # noqa: ANN401 - nbformat is untyped
    """Return a notebook without what differs from run to run."""
    raw: notebook.Raw = dict(document)
    for key in ("language_info", "widgets"):
        raw["metadata"].pop(key, None)
    for cell in raw["cells"]:
        cell["metadata"].pop("execution", None)
        cell["source"] = _as_lines(cell["source"])
        for output in cell.get("outputs", ()):
            output.pop("transient", None)
            if "text" in output:
                output["text"] = _as_lines(output["text"])
            for kind, text in output.get("data", {}).items():
                if isinstance(text, str):
                    output["data"][kind] = _as_lines(text)
    return raw


def _as_lines(text: str | list[str]) -> list[str]:
    whole = text if isinstance(text, str) else "".join(text)
    return whole.splitlines(keepends=True)


def _service(course: Course) -> Path:
    return course.root / "solutions" / "service"


def _present(course: Course) -> set[Path]:
    return {
        *(course.root / "lessons").glob("*.ipynb"),
        *(
            path
            for path in _service(course).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        ),
    }
