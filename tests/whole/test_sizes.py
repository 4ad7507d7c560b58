"""A file is read in one go, and so is a class."""

import ast
from collections.abc import Iterator

import pytest

from tests.helpers.places import ROOT

FILE, CLASS = 300, 150
"""Lines."""
OURS = ("kata", "checks", "tests", "benchmarks", "solutions")


def too_long(text: str) -> Iterator[str]:
    """Say what of a module is longer than it may be."""
    lines = len(text.splitlines())
    if lines > FILE:
        yield f"{lines} lines; {FILE} are the most: one concept a file"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > CLASS:
                yield f"{node.name} has {lines} lines; {CLASS} are the most"


@pytest.mark.parametrize("folder", OURS)
def test_no_file_and_no_class_is_too_long(folder: str) -> None:
    wrong_answers = ROOT / "tests" / "wrong_answers"  # as a learner would write them
    found = [
        f"{path.relative_to(ROOT)}: {said}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if wrong_answers not in path.parents
        for said in too_long(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_what_is_too_long_is_named() -> None:
    (said,) = too_long("class Loop:\n" + "    x = 1\n" * CLASS)
    assert said.startswith("Loop has 151 lines")
    (said,) = too_long("x = 1\n" * (FILE + 1))
    assert said.startswith("301 lines")
