"""Cells of the same file that don't run: left out, and told of in a sentence or two."""

import re
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.verdict import Status
from kata.workspace import workspace
from tests.helpers.loop import change
from tests.helpers.places import ROOT

MODELS = "waybill/schemas.py"
COURSE = Course(ROOT)
CAUSE = "Left out here: models.parcel_create, whose code raised NameError"


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    """A loop on a workspace that has the finished models, and one with a slip."""
    place = workspace.create(tmp_path / "w", COURSE)
    katas = COURSE.curriculum.lessons[1].katas
    for path, content in COURSE.reference(katas).items():
        (place.root / path).parent.mkdir(exist_ok=True)
        (place.root / path).write_text(content, encoding="utf-8")
    change(place, MODELS, "Grams = Annotated[", "Grams = Annotate[")
    return Loop(COURSE, place, PlainRunner())


def told(loop: Loop) -> str:
    (note,) = loop.check(COURSE.curriculum.kata("models.text_line")).notes
    return note


def test_cells_that_need_one_that_does_not_run_have_no_story_of_their_own(
    loop: Loop,
) -> None:
    note = told(loop)
    assert CAUSE in note
    assert "models.pickup_window" not in note
    assert note.endswith("What needs that code is left out, too.")


def test_a_cell_with_a_slip_of_its_own_is_named_as_well(loop: Loop) -> None:
    change(loop.workspace, MODELS, "class ScanKind(StrEnum)", "class ScanKind(StrEnom)")
    note = told(loop)
    assert CAUSE in note
    assert "; and models.scan_create, whose code raised NameError" in note


def test_a_red_kata_below_another_is_named_where_that_one_fails(tmp_path: Path) -> None:
    place = workspace.create(tmp_path / "w", COURSE)
    loop = Loop(COURSE, place, PlainRunner())
    app, hello = COURSE.curriculum.lessons[0].katas[:2]
    right = COURSE.cells(app).reference
    assert loop.run_cell(right).status is Status.PASSED
    slip = re.sub(r'version="[^"]*"', "version=1.0", right)
    assert loop.run_cell(slip).status is Status.FAILED
    verdict = loop.run_cell(COURSE.cells(hello).reference.replace("/hello", "/hallo"))
    assert verdict.status is Status.FAILED
    assert any(f"{app.id} is red" in note for note in verdict.notes)
    assert loop.run_cell(right).status is Status.PASSED
    assert not any("is red" in note for note in loop.check(hello).notes)
