"""The proof of a kata whose file is no Python: as of any other, but for its code."""

from collections.abc import Iterator

import pytest

from kata.course.course import Course
from kata.runner.choice import best_runner
from kata.runner.report import BackEnd
from kata.verify.fault import Kind
from kata.verify.mutants.memory import Memory
from kata.verify.proof import Proof, prove
from tests.helpers.cli import Answer, kata
from tests.helpers.sample import SMALL, replace_in
from tests.helpers.text_course import IMAGE, POD, text_course


def build(course: Course, *arguments: str) -> Answer:
    return kata("build", *arguments, cwd=course.root, KATA_COURSE=str(course.root))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course with its masters run: notebooks have shown each verdict."""
    course = text_course(tmp_path_factory.mktemp("texts") / "course")
    shown = build(course, "--run", "03")
    assert shown.status == 0, shown.err
    return Course(course.root)


@pytest.fixture(scope="module")
def runner() -> Iterator[BackEnd]:
    with best_runner() as best:
        yield best


def proof_of(course: Course, runner: BackEnd, *katas: str) -> Proof:
    """Prove these katas; the sample's other lessons lack wrong answers."""
    found = map(course.curriculum.kata, katas)
    proof = prove(course, found, [runner], memory=Memory(course), limits=SMALL)
    proof.course_faults = [
        one
        for one in proof.course_faults
        if one.kind is not Kind.LAYOUT or "shipping" in str(one)
    ]
    return proof


def test_all_its_answers_are_proven_and_it_has_no_mutants(
    course: Course, runner: BackEnd
) -> None:
    proof = proof_of(course, runner, IMAGE, POD)
    assert [str(fault) for fault in proof.faults] == []
    assert [(one.right, one.wrong) for one in proof.katas] == [(2, 4), (2, 4)]
    assert [one.mutants.total for one in proof.katas if one.mutants] == [0, 0]


def test_a_wrong_answer_that_passes_is_found(course: Course, runner: BackEnd) -> None:
    path = course.root / "tests/wrong_answers/03_shipping/image/wrong_0.py"
    before = path.read_text(encoding="utf-8")
    try:
        replace_in(path, "FROM python:3.11", "USER waybill")
        faults = proof_of(course, runner, IMAGE).faults
    finally:
        path.write_text(before, encoding="utf-8")
    (said,) = map(str, faults)
    assert "wrong_0.py should be refused by test_the_image_is_not_run_as_root" in said


def test_its_file_is_derived_and_a_change_to_it_is_noticed(course: Course) -> None:
    assert build(course, "--check").status == 0
    file = course.root / "solutions" / "service" / "Dockerfile"
    replace_in(file, "USER waybill", "USER root")
    shown = build(course, "--check")
    assert shown.status == 1
    assert "solutions/service/Dockerfile differs from its master" in shown.out
    assert build(course).status == 0
    assert "USER waybill" in file.read_text("utf-8")


def test_a_cell_that_waits_for_it_runs_after_it(course: Course) -> None:
    cells = course.master(course.curriculum.lesson("03")).cells
    (demo,) = [one for one in cells if one.options.get("needs") == IMAGE]
    assert demo.printed == "It is there.\n"
