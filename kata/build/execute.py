"""Masters run from top to bottom, for the outputs that they store."""

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from kata.build.clean import clean
from kata.build.fresh import fresh_workspace, kernel_environment
from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.course.master import Raw, dump
from kata.errors import KataError
from kata.notebook import lean  # noqa: F401 - before nbformat
from kata.runner.shared import shared_warm_process
from kata.workspace.workspace import write_atomically

CELL_TIME_LIMIT = 120
"""Seconds; a kata's own limit is far below."""
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


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
