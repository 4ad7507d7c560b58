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
    assert cells.brief.startswith("### Your turn: `greet`")
    assert 'return "Hello!"' in cells.stub
    assert [hint[:7] for hint in cells.hints] == ["Hint 1.", "Hint 2.", "Hint 3."]
    assert [options(one).get("variant") for one in cells.solutions] == [
        None,
        "with format",
    ]
    assert cells.reference == cells.solutions[0]
    assert cells.explanation == "Because."
    assert (cells.problem, cells.example, cells.explained) == ("", "", "")


def test_what_leads_to_a_task_is_told_apart(course: Course) -> None:
    cells = course.cells(course.curriculum.kata("counting.double"))
    assert cells.problem.startswith("## Twice as much\n\nWho hands in two parcels")
    assert cells.example.startswith("#| example: counting.double\nseats = 12")
    assert cells.explained.startswith("Look at the second line.")


def test_a_problem_may_be_shown_before_the_example() -> None:
    cells = [
        _cell("markdown", "An end of the kata above."),
        _cell("markdown", "## A seat too many"),
        _cell("code", "sell('7F')"),
        _cell("markdown", "It was sold twice."),
        _cell("code", "#| example: cinema.seat\nprint(1)"),
        _cell("markdown", "Look at it."),
        _cell("code", "#| needs: cinema.row"),
        _cell("markdown", "And again."),
        _cell("markdown", "### Your turn: `seat`"),
        _cell("code", "#| kata: cinema.seat"),
        _cell("markdown", "After it."),
        _cell("code", "#| kata: cinema.row"),
    ]
    katas = masters.Notebook(Path("01_cinema.ipynb"), {"cells": cells}).katas
    seat = katas["cinema.seat"]
    assert seat.problem == "## A seat too many\n\nIt was sold twice."
    assert seat.explained == "Look at it.\n\nAnd again."
    assert seat.brief == "### Your turn: `seat`"
    assert katas["cinema.row"].example == ""


def _cell(kind: str, source: str) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source}


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
