"""Masters: the cells of a kata, the learner's copy, files that are no notebooks."""

import json
from pathlib import Path
from typing import Any

import pytest

from kata.course import master as masters
from kata.course.course import Course
from kata.course.master import lesson_of
from kata.errors import KataError
from kata.source.cell import options


def test_a_lesson_is_its_master_without_answers_and_outputs(course: Course) -> None:
    for one in course.curriculum.lessons:
        master = course.master(one)
        before = masters.dump(master.raw)
        lesson = lesson_of(master.raw)
        assert masters.dump(lesson) == course.lesson_path(one).read_text("utf-8")
        assert masters.dump(master.raw) == before
        kept = [cell.raw["id"] for cell in master.cells if not cell.tags]
        assert [cell["id"] for cell in lesson["cells"]] == kept


def test_the_cells_of_a_kata_are_told_apart(course: Course) -> None:
    cells = course.cells(course.curriculum.kata("greeting.name"))
    assert cells.brief.startswith("## A name")
    assert 'return "Hello!"' in cells.stub
    assert cells.hints == ("Hint 1.", "Hint 2.", "Hint 3.")
    assert [options(one).get("variant") for one in cells.solutions] == [
        None,
        "with format",
    ]
    assert cells.reference == cells.solutions[0]
    assert cells.explanation == "Because."


def test_a_source_may_be_one_text_or_a_list_of_lines() -> None:
    cell: dict[str, Any] = {"cell_type": "code", "metadata": {}}
    texts = {
        masters.Cell(cell | {"source": source}).source
        for source in ("#| kata: a.b\nx", ["#| kata: a.b\n", "x"])
    }
    assert texts == {"#| kata: a.b\nx"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not a notebook"),
        (b"[]", "is not a notebook"),
        (b'{"cells": [', "is not a notebook"),
        (b'{"metadata": {}}', "is not a notebook"),
        (b'{"cells": ["\xff"]}', "can't be read"),
        (b'{\n<<<<<<< ours\n"cells": []\n>>>>>>> theirs\n}', "unfinished merge"),
        (None, "can't be read"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused(
    content: bytes | None, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "01_lesson.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KataError, match=words) as caught:
        masters.read(path)
    assert "01_lesson.ipynb" in caught.value.happened


def test_what_jupyter_writes_is_what_we_write(course: Course) -> None:
    path = course.master_path(course.curriculum.lessons[0])
    text = path.read_text(encoding="utf-8")
    assert masters.dump(json.loads(text)) == text


def test_a_notebook_without_katas_has_none(tmp_path: Path) -> None:
    path = tmp_path / "empty.ipynb"
    path.write_text('{"cells": [], "metadata": {}, "nbformat": 4}', encoding="utf-8")
    assert masters.read(path).katas == {}
