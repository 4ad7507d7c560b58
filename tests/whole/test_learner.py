"""A learner works through lessons in a real kernel, cell by cell."""

from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kata.build.fresh import fresh_workspace, kernel_environment
from kata.course.course import Course
from kata.course.curriculum import Kata, Lesson
from kata.course.master import Cell, lesson_of
from kata.progress.progress import Progress
from kata.source.cell import options
from kata.source.file import parse_cell
from kata.workspace.workspace import Workspace
from tests.helpers.places import ROOT, TESTS

COURSE = Course(ROOT)
WRONG = TESTS / "wrong_answers"
LESSONS = ["01_first_endpoint", "04_settings"]
"""The first, and one that builds on several. nbval runs every cell of all lessons."""


class Learner:
    """Somebody with a kernel and a workspace, who runs cells and reads what appears."""

    def __init__(self, client: NotebookClient, place: Workspace) -> None:
        self.client = client
        self.place = place

    def run(self, source: str) -> str:
        """Run a cell, fail on an error, and return the text that appears below it."""
        cell = nbformat.v4.new_code_cell(source)
        self.client.nb.cells[:] = [cell]
        self.client.execute_cell(cell, 0)
        return "".join(_text(output) for output in cell.outputs)

    def run_all(self, lesson: Lesson) -> dict[str, str]:
        """Run every code cell of the lesson as it is given; return texts by cell id."""
        raw = lesson_of(COURSE.master(lesson).raw)
        cells = [Cell(cell) for cell in raw["cells"]]
        return {cell.raw["id"]: self.run(cell.source) for cell in cells if cell.is_code}

    def service(self) -> dict[str, bytes]:
        """Return every file of the service and its tests."""
        return {
            path.relative_to(self.place.root).as_posix(): path.read_bytes()
            for folder in ("waybill", "tests")
            for path in sorted((self.place.root / folder).rglob("*.py"))
        }


def _text(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return str(output["text"])
    return str(output["data"]["text/plain"])


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return COURSE.curriculum.lesson(request.param)


@pytest.fixture(scope="module")
def learner(lesson: Lesson) -> Iterator[Learner]:
    with fresh_workspace(COURSE, lesson) as place:
        client = NotebookClient(
            nbformat.v4.new_notebook(),
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(place.root)}},
            timeout=60,
        )
        with client.setup_kernel(env=kernel_environment(COURSE, place)):
            yield Learner(client, place)


def wrong_answers(kata: Kata) -> list[str]:
    folder = WRONG / COURSE.curriculum.lesson_of(kata).slug / kata.name
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]


# The tests of this module tell one story, in order: pytest runs them that way for each
# lesson, and each goes on where the one before it stopped.


def test_running_all_of_an_untouched_lesson_ends_clean(
    learner: Learner, lesson: Lesson
) -> None:
    shown = learner.run_all(lesson)
    assert lesson.title in shown["start"]
    for kata in lesson.katas:
        assert any(f"YOUR TASK: {kata.id}" in text for text in shown.values())
        demos = [text for text in shown.values() if f"waits for {kata.id}" in text]
        assert not any("Error" in text for text in demos)


def test_a_wrong_answer_is_red_for_the_right_reason_and_the_solution_green(
    learner: Learner, lesson: Lesson
) -> None:
    for kata in lesson.katas:
        rules = {rule.check: rule.text for rule in COURSE.rules(kata)}
        for wrong in wrong_answers(kata)[:1]:
            shown = " ".join(learner.run(wrong).split())
            assert f"NOT YET: {kata.id}" in shown
            assert f"Rule: {rules[options(wrong)['refused_by']]}" in shown
        source = COURSE.cells(kata).reference
        assert f"PASSED: {kata.id}" in learner.run(source)
        for name in sorted(parse_cell(source).defines):
            check = f"import {kata.module}\n{name} is {kata.module}.{name}"
            assert learner.run(check) == "True"


def test_every_kata_cell_is_harmless_on_its_second_run(
    learner: Learner, lesson: Lesson
) -> None:
    before = learner.service()
    for kata in lesson.katas:
        assert f"PASSED: {kata.id}" in learner.run(COURSE.cells(kata).reference)
    assert learner.service() == before


def test_names_of_earlier_katas_stay_consistent(
    learner: Learner, lesson: Lesson
) -> None:
    first, last = lesson.katas[0], lesson.katas[-1]
    learner.run(COURSE.cells(last).reference)
    for name in sorted(parse_cell(COURSE.cells(first).reference).defines):
        check = f"import {first.module}\n{name} is {first.module}.{name}"
        assert learner.run(check) == "True"


def test_running_all_of_an_untouched_copy_after_green_changes_nothing(
    learner: Learner, lesson: Lesson
) -> None:
    before = learner.service()
    shown = learner.run_all(lesson)
    assert learner.service() == before
    for kata in lesson.katas:
        assert any(f"PASSED: {kata.id}" in text for text in shown.values())
        assert not any(f"waits for {kata.id}" in text for text in shown.values())


def test_everything_that_was_run_is_in_the_history(
    learner: Learner, lesson: Lesson
) -> None:
    progress = Progress(learner.place.progress_path)
    for kata in lesson.katas:
        kept = {attempt.source.strip() for attempt in progress.history(kata.id)}
        cells = COURSE.cells(kata)
        ran = {cells.stub, cells.reference, *wrong_answers(kata)[:1]}
        assert {source.strip() for source in ran} <= kept


def test_hints_come_one_rung_at_a_time(learner: Learner, lesson: Lesson) -> None:
    kata = lesson.katas[0]
    hints = COURSE.cells(kata).hints
    for hint in (*hints, hints[-1]):
        assert hint in learner.run(f"%hint {kata.id}")
