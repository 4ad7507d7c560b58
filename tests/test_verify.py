"""`kata verify`: no fault in the course, and each kind of fault is found."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kata.build.derive import derive
from kata.course.course import Course
from kata.course.master import dump
from kata.runner.choice import best_runner
from kata.runner.report import Runner
from kata.verify.fault import Fault, Kind
from kata.verify.proof import prove
from tests.cli_helpers import kata

ROOT = Path(__file__).parents[1]
SAMPLE = Path(__file__).parent / "sample_course"
WRONG = "tests/wrong_answers/02_counting/double"
WHAT_DOUBLE_DOES = "return 2 * number"


Runners = list[Runner]


@pytest.fixture(scope="module")
def runners() -> Iterator[Runners]:
    with ExitStack() as stack:
        yield [stack.enter_context(best_runner()) for _ in range(os.cpu_count() or 1)]


SOME = 1
"""Wrong answers tried of each kata here. CI tries all, in a job of its own."""


def faults(root: Path, runners: Runners) -> list[Fault]:
    course = Course(root)
    return prove(course, course.curriculum.katas, runners, wrong=SOME).faults


def test_the_course_has_no_fault(runners: Runners) -> None:
    # All wrong answers take minutes (`kata verify`, in CI), mutants many more
    # (`kata verify --mutants`, before a release).
    found = faults(ROOT, runners)
    lacking = {one.id for one in Course(ROOT).curriculum.katas if not one.has_server}
    unproven = {one.where for one in found if one.kind is Kind.UNAVAILABLE}
    assert unproven == lacking
    assert [str(one) for one in found if one.kind is not Kind.UNAVAILABLE] == []


def edit_master(
    root: Path, cell_id: str, change: Callable[[dict[str, Any]], None]
) -> None:
    """Change one cell of the sample's second master, and derive its lesson again."""
    path = root / "solutions" / "02_counting.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(next(cell for cell in raw["cells"] if cell["id"] == cell_id))
    path.write_text(dump(raw), encoding="utf-8", newline="\n")
    list(derive(Course(root)))


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def retyped(source: str) -> Callable[[dict[str, Any]], None]:
    return lambda cell: cell.update(source=source.splitlines(keepends=True))


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
    check = root / "checks" / "02_counting" / "test_double.py"
    replace_in(check, ', f"double({number}) gave {double(number)}."', "")


def too_few_wrong_answers(root: Path) -> None:
    (root / WRONG / "adds_two.py").unlink()


def missing_hint(root: Path) -> None:
    tags = {"tags": ["solution"]}
    edit_master(root, "double-hint-2", lambda cell: cell.update(metadata=tags))


def hint_with_the_answer(root: Path) -> None:
    text = f"```python\n{WHAT_DOUBLE_DOES}\n```"
    edit_master(root, "double-hint-3", retyped(text))


def rule_without_docstring(root: Path) -> None:
    check = root / "checks" / "02_counting" / "test_double.py"
    replace_in(check, '    """A number is doubled."""\n', "")


def misspelt_file(root: Path) -> None:
    folder = root / "tests" / "wrong_answers" / "02_counting"
    (folder / "doubel").mkdir()


def helpers_that_pytest_does_not_know(root: Path) -> None:
    (root / "checks" / "02_counting" / "helpers.py").touch()


def cell_never_run(root: Path) -> None:
    edit_master(root, "double-demo", lambda cell: cell.update(execution_count=None))


def needs_a_later_kata(root: Path) -> None:
    edit_master(root, "double-demo", retyped("#| needs: counting.treble\ndouble(1)"))


def lesson_edited_by_hand(root: Path) -> None:
    replace_in(root / "lessons" / "02_counting.ipynb", "# Counting", "# Sums")


def forbidden_word(root: Path) -> None:
    edit_master(root, "double-why", retyped("It simply doubles."))


def mutant_unnoticed(root: Path) -> None:
    check = root / "checks" / "02_counting" / "test_double.py"
    replace_in(check, "[0, 1, 21]", "[0]")
    for path in (root / WRONG).iterdir():
        path.unlink()


def no_server(root: Path) -> None:
    check = root / "checks" / "02_counting" / "test_double.py"
    needs = "pytest.skip('It needs a server.')\n    from waybill.numbers import double"
    replace_in(check, "from waybill.numbers import double", needs)


BREAKS = {
    solved_stub: {Kind.STUB},
    refused_solution: {Kind.ANSWER},
    wrong_header: {Kind.WRONG_ANSWER},
    green_wrong_answer: {Kind.WRONG_ANSWER},
    refusal_without_a_word: {Kind.MESSAGE},
    too_few_wrong_answers: {Kind.COUNT},
    missing_hint: {Kind.HINT},
    hint_with_the_answer: {Kind.HINT},
    rule_without_docstring: {Kind.RULE},
    misspelt_file: {Kind.LAYOUT},
    helpers_that_pytest_does_not_know: {Kind.LAYOUT},
    cell_never_run: {Kind.NOTEBOOK},
    needs_a_later_kata: {Kind.NOTEBOOK},
    lesson_edited_by_hand: {Kind.SYNC},
    forbidden_word: {Kind.PROSE},
    mutant_unnoticed: {Kind.MUTANT, Kind.COUNT},
    no_server: {Kind.UNAVAILABLE},
}


def of_lesson_02(root: Path, runners: Runners) -> list[Fault]:
    course = Course(root)
    katas = course.curriculum.lesson("02").katas
    return prove(course, katas, runners, mutants=True).faults


@pytest.fixture(scope="module")
def sample(runners: Runners) -> set[str]:
    """What is wrong with the sample as it is: its first lesson is only a sample."""
    return {str(fault) for fault in of_lesson_02(SAMPLE, runners)}


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
