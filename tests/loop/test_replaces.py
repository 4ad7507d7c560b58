"""A kata that replaces an earlier one: its region takes that one's place."""

import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kata.course.course import Course
from kata.errors import KataError
from kata.loop.loop import Loop
from kata.notebook.namespace import Namespace
from kata.runner.report import Runner
from kata.verdict import Status
from kata.verify.answers import prove_right_answers
from kata.verify.bench import Bench
from kata.workspace import workspace
from tests.helpers.loop import APP, GREET, STUB, edit, history, text
from tests.helpers.places import SAMPLE

LESSON = """
[[parts.lessons]]
slug = "03_manners"
title = "Manners"
katas = [
  { id = "manners.name", title = "A polite name", file = "waybill/hello.py", \
minutes = 2, core = true, replaces = "greeting.name" },
]
"""
REPLACING_STUB = GREET.replace("greeting.name", "manners.name")
POLITE = REPLACING_STUB.replace("Hello, {name}!", "Good day, {name}.")
CHECKS = '''"""Manners."""


def test_greets_politely() -> None:
    """A greeting wishes a good day."""
    from waybill.hello import greet

    assert greet("Ada") == "Good day, Ada.", greet("Ada")
'''


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The sample course with a third lesson, whose kata replaces one of the first."""
    sample = SAMPLE
    root = Path(shutil.copytree(sample, tmp_path / "course"))
    with (root / "curriculum.toml").open("a", encoding="utf-8") as file:
        file.write(LESSON)
    checks = root / "checks" / "03_manners"
    checks.mkdir()
    (checks / "test_name.py").write_text(CHECKS, encoding="utf-8")
    master = json.loads((sample / "solutions" / "02_counting.ipynb").read_text())
    cells = {cell["id"]: cell for cell in master["cells"]}
    cells["double-stub"]["source"] = REPLACING_STUB
    cells["double-solution"]["source"] = POLITE
    cells["double-other-1"]["source"] = POLITE.replace("\n", "\n#| variant: same\n", 1)
    text = json.dumps(master).replace("counting.double", "manners.name")
    (root / "solutions" / "03_manners.ipynb").write_text(text, encoding="utf-8")
    return Course(root)


@pytest.fixture
def real(course: Course, real_runner: Runner, tmp_path: Path) -> Loop:
    """A loop that runs the checks, past the first lesson."""
    loop = Loop(course, workspace.create(tmp_path / "real", course), real_runner)
    for cell in (GREET, APP):
        assert loop.run_cell(cell).status is Status.PASSED
    return loop


def test_its_region_stands_where_the_replaced_one_stood(course: Course) -> None:
    whole = course.reference(course.curriculum.katas)["waybill/hello.py"]
    assert "# kata: greeting.name" not in whole
    assert whole.index("# kata: manners.name") < whole.index("# kata: greeting.hello")
    assert whole.count("def greet(") == 1
    before = course.reference(course.katas_before(course.curriculum.lesson("manners")))
    assert "# kata: greeting.name" in before["waybill/hello.py"]


def test_the_learner_is_told_and_the_replaced_kata_keeps_its_green(real: Loop) -> None:
    verdict = real.run_cell(POLITE)
    assert verdict.status is Status.PASSED
    assert any("taken the place of greeting.name" in note for note in verdict.notes)
    assert text(real).count("def greet(") == 1
    katas = real.course.curriculum.katas
    assert [real.status(kata) for kata in katas if kata.file.endswith("hello.py")] == [
        Status.PASSED
    ] * 3
    told = real.run_cell(POLITE).notes
    assert not any("place" in note for note in told)


@pytest.mark.parametrize("cell", [GREET, STUB])
def test_the_replaced_kata_is_checked_where_it_stood(real: Loop, cell: str) -> None:
    real.run_cell(POLITE)
    before = text(real)
    verdict = real.run_cell(cell)
    assert verdict.status is Status.PASSED
    assert any("manners.name has taken its place" in note for note in verdict.notes)
    assert text(real) == before
    kata = real.course.curriculum.kata("greeting.name")
    assert real.check(kata).status is Status.PASSED
    assert real.status(kata) is Status.PASSED


def test_a_wrong_answer_to_the_replaced_kata_is_refused_as_ever(real: Loop) -> None:
    real.run_cell(POLITE)
    assert real.run_cell(GREET.replace("!", "?")).status is Status.FAILED


def test_an_edit_of_the_replaced_region_is_kept_in_history(real: Loop) -> None:
    edit(real, "Hello, {name}!", "Hullo, {name}!")
    real.run_cell(POLITE)
    assert "Hullo" in history(real)[-1].source


def test_catching_up_never_brings_the_replaced_region_back(real: Loop) -> None:
    real.run_cell(POLITE)
    before = text(real)
    lesson = real.course.curriculum.lesson("manners")
    assert [kata.id for kata in real.catch_up(lesson)] == ["counting.double"]
    assert text(real) == before


def test_the_finished_service_is_no_place_for_the_replaced_kata(
    course: Course, real_runner: Runner
) -> None:
    kata = course.curriculum.kata("greeting.name")
    bench = Bench(course, real_runner)
    assert [*prove_right_answers(bench, kata)] == []
    assert bench.runs == len(course.cells(kata).solutions)


def test_the_replaced_kata_cannot_be_put_back(real: Loop) -> None:
    real.run_cell(POLITE)
    before = text(real)
    kata = real.course.curriculum.kata("greeting.name")
    for put_back in (real.reset, lambda one: real.restore(one, 1)):
        with pytest.raises(KataError, match=r"manners\.name has taken it"):
            put_back(kata)
    assert text(real) == before


def test_the_replacing_kata_can_be_reset(real: Loop) -> None:
    real.run_cell(POLITE)
    kata = real.course.curriculum.kata("manners.name")
    assert real.reset(kata) == 1
    assert real.status(kata) is Status.UNTOUCHED
    assert text(real).count("def greet(") == 1


def test_a_demo_of_a_replaced_kata_runs_on_what_has_taken_its_place(
    real: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert real.run_cell(POLITE).status is Status.PASSED
    monkeypatch.setattr("sys.path", [*sys.path])
    kata = real.course.curriculum.kata("greeting.name")
    names: dict[str, Any] = {}
    notebook = Namespace(SimpleNamespace(push=names.update), real)  # as in a new kernel
    notebook.prove_import(kata)
    notebook.take(kata)
    assert names["greet"]("Ada") == "Good day, Ada."
    notebook.names.leave()
