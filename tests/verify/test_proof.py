"""`kata verify`: no fault in the course, and each kind of fault is found."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kata.build import derive
from kata.course.course import Course
from kata.runner.choice import best_runner
from kata.runner.report import Runner
from kata.verify.fault import Fault, Kind
from kata.verify.mutants.memory import Memory
from kata.verify.proof import prove
from tests.helpers.cli import kata
from tests.helpers.places import ROOT
from tests.helpers.sample import (
    CHECKS,
    EXAMPLE,
    SAMPLE,
    SMALL,
    WHAT_DOUBLE_DOES,
    WRONG,
    edit_master,
    replace_in,
    retyped,
)

Runners = list[Runner]


@pytest.fixture(scope="module")
def runners() -> Iterator[Runners]:
    with ExitStack() as stack:
        yield [stack.enter_context(best_runner()) for _ in range(os.cpu_count() or 1)]


SOME = 1
"""Wrong answers tried of each kata here. CI tries all, in a job of its own."""


def faults(root: Path, runners: Runners) -> list[Fault]:
    course = Course(root)
    katas = course.curriculum.katas
    return prove(course, katas, runners, wrong=SOME, stored=True).faults


def test_the_course_has_no_fault(runners: Runners) -> None:
    # All wrong answers take minutes (`kata verify`, in CI), mutants many more
    # (`kata verify --mutants`, before a release).
    found = faults(ROOT, runners)
    lacking = {one.id for one in Course(ROOT).curriculum.katas if not one.has_server}
    unproven = {one.where for one in found if one.kind is Kind.UNAVAILABLE}
    assert unproven == lacking
    assert [str(one) for one in found if one.kind is not Kind.UNAVAILABLE] == []


def solved_stub(root: Path) -> None:
    body = f"def double(number: int) -> int:\n    {WHAT_DOUBLE_DOES}"
    edit_master(root, "double-stub", retyped(f"#| kata: counting.double\n{body}"))


def refused_solution(root: Path) -> None:
    body = "def double(number: int) -> int:\n    return 3 * number"
    edit_master(root, "double-other-1", retyped(f"#| kata: counting.double\n{body}"))


def wrong_header(root: Path) -> None:
    replace_in(root / WRONG / "adds_two.py", "test_doubles", "test_negatives")


def green_wrong_answer(root: Path) -> None:
    replace_in(root / WRONG / "adds_two.py", "number + 2", "number + number")


def refusal_without_a_word(root: Path) -> None:
    check = root / CHECKS
    replace_in(check, ', f"double({number}) gave {double(number)}."', "")


def too_few_wrong_answers(root: Path) -> None:
    (root / WRONG / "adds_two.py").unlink()


def mutant_unnoticed(root: Path) -> None:
    check = root / CHECKS
    replace_in(check, "[0, 1, 21]", "[0]")
    for path in (root / WRONG).iterdir():
        path.unlink()


def no_server(root: Path) -> None:
    check = root / CHECKS
    needs = "pytest.skip('It needs a server.')\n    from waybill.numbers import double"
    replace_in(check, "from waybill.numbers import double", needs)


def example_that_is_the_answer(root: Path) -> None:
    answer = "def double(seats: int) -> int:\n    return seats * 2\nprint(double(3))"
    edit_master(root, "double-example", retyped(f"{EXAMPLE}{answer}"))


BREAKS = {
    solved_stub: {Kind.STUB},
    refused_solution: {Kind.ANSWER},
    wrong_header: {Kind.WRONG_ANSWER},
    green_wrong_answer: {Kind.WRONG_ANSWER},
    refusal_without_a_word: {Kind.MESSAGE},
    too_few_wrong_answers: {Kind.COUNT},
    mutant_unnoticed: {Kind.MUTANT, Kind.COUNT},
    no_server: {Kind.UNAVAILABLE},
    example_that_is_the_answer: {Kind.EXAMPLE},
}


def of_lesson_02(root: Path, runners: Runners) -> list[Fault]:
    course = Course(root)
    katas = course.curriculum.lesson("02").katas
    return prove(course, katas, runners, memory=Memory(course), limits=SMALL).faults


@pytest.fixture(scope="module")
def sample(runners: Runners) -> set[str]:
    """What is wrong with the sample: nobody made wrong answers for its first lesson."""
    found = of_lesson_02(SAMPLE, runners)
    assert {fault.kind for fault in found} == {Kind.LAYOUT}
    return {str(fault) for fault in found}


@pytest.mark.parametrize("break_it", BREAKS, ids=lambda one: one.__name__)
def test_each_kind_of_fault_is_found_and_no_other(
    break_it: Callable[[Path], None],
    tmp_path: Path,
    runners: Runners,
    sample: set[str],
) -> None:
    root = tmp_path / "course"
    shutil.copytree(SAMPLE, root)
    break_it(root)
    found = [one for one in of_lesson_02(root, runners) if str(one) not in sample]
    assert {fault.kind for fault in found} == BREAKS[break_it]


def clashing_variant(root: Path) -> None:
    """Another answer to the first kata takes a name that the second one defines."""
    master = root / "solutions" / "01_greeting.ipynb"
    replace_in(master, 'return \\"Hello, {}!\\".format(name)', "return hello(name)")
    said = "def hello(name: str) -> str:\\n    return f'Hello, {name}!'\\n"
    before = '#| variant: with format\\n",'
    replace_in(master, before, f'{before}\n    "{said}",')
    list(derive.derive(Course(root)))


def example_of_a_later_cell(root: Path) -> None:
    edit_master(root, "double-example", retyped(f"{EXAMPLE}print(rows)", "7\n"))


def example_without_output(root: Path) -> None:
    edit_master(root, "double-example", lambda cell: cell.update(outputs=[]))


@pytest.mark.parametrize(
    ("break_it", "kind"),
    [
        (clashing_variant, Kind.ANSWER),
        (example_of_a_later_cell, Kind.EXAMPLE),
        (example_without_output, Kind.EXAMPLE),
        (green_wrong_answer, Kind.WRONG_ANSWER),
    ],
)
def test_what_masters_store_hides_no_fault(
    break_it: Callable[[Path], None], kind: Kind, tmp_path: Path, runners: Runners
) -> None:
    root = tmp_path / "course"
    shutil.copytree(SAMPLE, root)
    break_it(root)
    course = Course(root)
    katas = course.curriculum.katas
    found = prove(course, katas, runners, stored=True, limits=SMALL).faults
    assert kind in {fault.kind for fault in found}
    about_the_whole = {Kind.LAYOUT, Kind.COUNT, Kind.WARNING}
    assert {fault.kind for fault in found} - about_the_whole == {kind}


def test_the_checks_of_a_lesson_may_share_fixtures(
    tmp_path: Path, runners: Runners, sample: set[str]
) -> None:
    root = tmp_path / "course"
    shutil.copytree(SAMPLE, root)
    checks = root / "checks" / "02_counting"
    numbers = "[0, 1, 21]"
    mark = f'@pytest.mark.parametrize("number", {numbers})'
    replace_in(checks / "test_double.py", mark, "")
    fixture = f"@pytest.fixture(params={numbers})\ndef number(request):\n"
    source = f"import pytest\n\n\n{fixture}    return request.param\n"
    (checks / "conftest.py").write_text(source, encoding="utf-8")
    assert {str(one) for one in of_lesson_02(root, runners)} == sample


def test_the_command_exits_1_on_a_fault_and_speaks_json(tmp_path: Path) -> None:
    root = tmp_path / "course"
    shutil.copytree(SAMPLE, root)
    solved_stub(root)
    answer = kata(
        "verify", "counting.double", "--json", cwd=tmp_path, KATA_COURSE=str(root)
    )
    assert answer.status == 1
    found = json.loads(answer.out)
    assert "STUB" in {fault["kind"] for fault in found["faults"]}
    assert [one["id"] for one in found["katas"]] == ["counting.double"]
