"""The sample course, and ways to change a copy of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kata.build import derive
from kata.course.course import Course
from kata.course.master import dump
from kata.verify.lesson_length import Limits
from tests.helpers.places import SAMPLE

WRONG = "tests/wrong_answers/02_counting/double"
CHECKS = "checks/02_counting/test_double.py"
WHAT_DOUBLE_DOES = "return 2 * number"
SMALL = Limits(words=(40, 120), explained=(10, 60), core_katas=(0, 6))
"""As long as the sample's lessons are."""
EXAMPLE = "#| example: counting.double\n"
BRIEF = next(
    "".join(cell["source"])
    for cell in json.loads((SAMPLE / "solutions/02_counting.ipynb").read_text("utf-8"))[
        "cells"
    ]
    if cell["id"] == "double-brief"
)


def edit_master(
    root: Path, cell_id: str, change: Callable[[dict[str, Any]], None]
) -> None:
    """Change one cell of the sample's second master, and derive its lesson again."""
    path = root / "solutions" / "02_counting.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(next(cell for cell in raw["cells"] if cell["id"] == cell_id))
    path.write_text(dump(raw), encoding="utf-8", newline="\n")
    list(derive.derive(Course(root)))


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def retyped(source: str, printed: str = "") -> Callable[[dict[str, Any]], None]:
    """Return what gives a cell other text, and the output that goes with it."""

    def change(cell: dict[str, Any]) -> None:
        cell["source"] = source.splitlines(keepends=True)
        if printed:
            stream = {"name": "stdout", "output_type": "stream", "text": [printed]}
            cell["outputs"] = [stream]

    return change
