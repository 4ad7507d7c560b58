"""From the masters to everything derived from them: lessons and the service."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.course.master import Raw, dump, lesson_of
from kata.errors import KataError
from kata.loop.loop import Loop
from kata.notebook import kernel
from kata.notebook.session import OUTPUTS, STORED
from kata.runner.plain import PlainRunner
from kata.runner.shared import shared_warm_process
from kata.workspace import workspace
from kata.workspace.workspace import VARIABLE, Workspace, write_atomically

CELL_TIME_LIMIT = 120
"""Seconds; a kata's own limit is far below."""
KERNELSPEC = {
    "display_name": kernel.TITLE,
    "language": "python",
    "name": kernel.NAME,
}
NOBODYS_METADATA = ("language_info", "vscode", "widgets")
"""What editors add to a notebook's metadata, and change with every machine."""
SPLIT = ("application/javascript", "image/svg+xml")
"""What Jupyter stores line by line besides text."""
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Difference:
    """A file that is not what the masters say; `wanted` is None for a stray one."""

    path: Path
    where: str
    reason: str
    wanted: str | None = None


def derived_files(course: Course) -> dict[Path, str]:
    """Return what the masters, lessons/ and solutions/service/ should hold, by path."""
    files = {}
    for lesson in course.curriculum.lessons:
        master = clean(course.master(lesson).raw)
        files[course.master_path(lesson)] = dump(master)
        files[course.lesson_path(lesson)] = dump(lesson_of(master))
    service = course.reference(course.curriculum.katas)
    return files | {_service(course) / file: text for file, text in service.items()}


def differences(course: Course) -> list[Difference]:
    """Return where what is on disk differs from what the masters say."""
    wanted = derived_files(course)
    found: list[tuple[Path, str, str | None]] = []
    for path, text in wanted.items():
        if not path.exists():
            found.append((path, "is missing", text))
        elif path.read_bytes() != text.encode():
            is_master = path.parent == course.root / "solutions"
            reason = "is not clean" if is_master else "differs from its master"
            found.append((path, reason, text))
    found += [
        (path, "has no master: delete it", None)
        for path in sorted(_present(course) - {*wanted})
    ]
    return [
        Difference(path, path.relative_to(course.root).as_posix(), reason, text)
        for path, reason, text in found
    ]


def derive(course: Course) -> Iterator[Difference]:
    """Write the files that differ, and yield every difference.

    What has no master is left for a person to delete: it may be somebody's work in
    the wrong folder.
    """
    for difference in differences(course):
        if difference.wanted is not None:
            write_atomically(difference.path, difference.wanted)
        yield difference


def run_masters(course: Course, lessons: tuple[Lesson, ...]) -> Iterator[Lesson]:
    """Execute masters and store their outputs; yield each lesson that changed."""
    with shared_warm_process():
        for lesson in lessons:
            path = course.master_path(lesson)
            text = dump(execute(course, lesson))
            if path.read_bytes() != text.encode():
                write_atomically(path, text)
                yield lesson


def execute(course: Course, lesson: Lesson) -> Raw:
    """Run a master in a fresh workspace and return it with clean outputs."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, DeadKernelError

    master = course.master(lesson)
    document = nbformat.from_dict(deepcopy(master.raw))  # type: ignore[no-untyped-call]
    for cell in document.cells:
        cell.source = "".join(cell.source)
    with fresh_workspace(course, lesson) as place:
        client = NotebookClient(
            document,
            timeout=CELL_TIME_LIMIT,
            kernel_name="python3",
            record_timing=False,
            coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(place.root)}},
        )
        try:
            client.execute(env=kernel_environment(course, place))
        except (CellControlSignal, DeadKernelError) as error:
            raise _stopped(master.path.name, document, error) from None
        _refuse_volatile(master.path.name, document, (place.root.parent, course.root))
    return clean(document)


@contextmanager
def fresh_workspace(course: Course, lesson: Lesson) -> Iterator[Workspace]:
    """Make a workspace that has caught up with a lesson, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="kata-") as folder:
        place = workspace.create(Path(folder).resolve() / "workspace", course)
        Loop(course, place, PlainRunner()).catch_up(lesson)
        yield place


def kernel_environment(course: Course, place: Workspace) -> dict[str, str]:
    """Return the environment of a kernel that works in a fresh workspace.

    It has an IPython profile of its own: nobody's start-up files touch the outputs.
    """
    return {
        **os.environ,
        VARIABLE: str(place.root),
        "KATA_COURSE": str(course.root),
        "IPYTHONDIR": str(place.root.parent / "ipython"),
        OUTPUTS: STORED,
    }


def clean(raw: Raw) -> Raw:
    """Return a notebook the way Jupyter writes it, without what nobody chose.

    Editors add the machine's Python, timings and the like; those would make a
    difference where nothing changed.
    """
    raw = deepcopy(raw)
    kept = {k: v for k, v in raw["metadata"].items() if k not in NOBODYS_METADATA}
    raw["metadata"] = kept | {"kernelspec": KERNELSPEC}
    for cell in raw["cells"]:
        for key in ("execution", "trusted"):
            cell["metadata"].pop(key, None)
        cell["source"] = _as_lines(cell["source"])
        for output in cell.get("outputs", ()):
            output.pop("transient", None)
            if "text" in output:
                output["text"] = _as_lines(output["text"])
            for kind, content in output.get("data", {}).items():
                if kind.startswith("text/") or kind in SPLIT:
                    output["data"][kind] = _as_lines(content)
    return raw


def _as_lines(text: str | list[str]) -> list[str]:
    return "".join(text).splitlines(keepends=True)


def _stopped(name: str, document: Any, error: Exception) -> KataError:  # noqa: ANN401 - nbformat is untyped
    """Return what stopped a master, and in which cell."""
    for cell in document.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                raised = ESCAPE.sub("", f"{output.ename}: {output.evalue}")
                return KataError(
                    f"The cell `{cell.id}` of {name} raised {raised}",
                    "Fix the cell; a master runs from top to bottom without an error.",
                )
    reason = str(error).strip().partition("\n")[0]
    return KataError(
        f"{name} did not run to its end: {reason}",
        f"Look for a cell that ends Python or needs over {CELL_TIME_LIMIT} seconds.",
    )


def _refuse_volatile(name: str, document: Any, folders: tuple[Path, ...]) -> None:  # noqa: ANN401 - nbformat is untyped
    """Refuse outputs that would differ on another machine or in the next run."""
    for cell in document.cells:
        shown = "\n".join(_texts(cell.get("outputs", ())))
        volatile = [str(path) for path in folders if str(path) in shown]
        volatile += ADDRESS.findall(shown)
        if volatile:
            raise KataError(
                f"The cell `{cell.id}` of {name} prints `{volatile[0]}`, which is "
                "another one in every run.",
                "Print something that stays the same.",
            )


def _texts(outputs: list[dict[str, Any]]) -> Iterator[str]:
    for output in outputs:
        yield output.get("text", "")
        yield from map(str, output.get("data", {}).values())


def _service(course: Course) -> Path:
    return course.root / "solutions" / "service"


def _present(course: Course) -> set[Path]:
    service = _service(course)
    return {
        *(course.root / "lessons").glob("*.ipynb"),
        *(
            path
            for path in service.rglob("*")
            if path.is_file() and not _leftover(path.relative_to(service))
        ),
    }


def _leftover(path: Path) -> bool:
    """Tell whether a file is what tools leave behind, such as caches."""
    return any(part.startswith((".", "__pycache__")) for part in path.parts)
