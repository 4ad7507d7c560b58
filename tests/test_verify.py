"""`kata verify`: no fault in the course, and each kind of fault is found."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kata.build import build
from kata.course.course import Course
from kata.course.master import dump
from kata.runner.choice import best_runner
from kata.runner.report import Runner
from kata.verify.fault import Fault, Kind
from kata.verify.limits import Limits
from kata.verify.proof import prove, read
from tests.cli_helpers import kata

ROOT = Path(__file__).parents[1]
SAMPLE = Path(__file__).parent / "sample_course"
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
    list(build.derive(Course(root)))


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
    check = root / CHECKS
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
    check = root / CHECKS
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
    check = root / CHECKS
    replace_in(check, "[0, 1, 21]", "[0]")
    for path in (root / WRONG).iterdir():
        path.unlink()


def no_server(root: Path) -> None:
    check = root / CHECKS
    needs = "pytest.skip('It needs a server.')\n    from waybill.numbers import double"
    replace_in(check, "from waybill.numbers import double", needs)


def link_in_a_hint(root: Path) -> None:
    text = "Look at [operators](https://docs.python.org/3/library/operator.html)."
    edit_master(root, "double-hint-2", retyped(text))


def hint_without_a_shape(root: Path) -> None:
    edit_master(root, "double-hint-3", retyped("Multiply."))


def example_that_needs_another_cell(root: Path) -> None:
    edit_master(root, "double-example", retyped(f"{EXAMPLE}print(rows)"))


def example_that_prints_nothing(root: Path) -> None:
    edit_master(root, "double-example", retyped(f"{EXAMPLE}seats = 12"))


def example_that_differs_by_zone(root: Path) -> None:
    clock = "import datetime\nprint(datetime.datetime(2026, 3, 2).timestamp())"
    edit_master(root, "double-example", retyped(f"{EXAMPLE}{clock}"))


def example_about_waybill(root: Path) -> None:
    edit_master(root, "double-example", retyped(f"{EXAMPLE}print('a parcel', 2 * 3)"))


def example_that_is_the_answer(root: Path) -> None:
    answer = "def double(seats: int) -> int:\n    return seats * 2\nprint(double(3))"
    edit_master(root, "double-example", retyped(f"{EXAMPLE}{answer}"))


def example_of_no_kata(root: Path) -> None:
    source = "#| example: counting.doubel\nprint(3 * 12)"
    edit_master(root, "double-example", retyped(source))


def no_example(root: Path) -> None:
    edit_master(root, "double-example", retyped("print(3 * 12)"))
    lines = "\n".join(f"    step_{n} = number" for n in range(5))
    body = f"def double(number: int) -> int:\n{lines}\n    return number * 2"
    edit_master(root, "double-solution", retyped(f"#| kata: counting.double\n{body}"))
    list(build.derive(Course(root)))


def name_never_shown(root: Path) -> None:
    body = "from operator import mul\n\ndef double(number):\n    return mul(2, number)"
    edit_master(root, "double-solution", retyped(f"#| kata: counting.double\n{body}"))


def two_terms(root: Path) -> None:
    edit_master(root, "double-problem", retyped("## Twice\n\nOf **weight** it knows."))


def facts_of_another_kata(root: Path) -> None:
    replace_in(
        root / "curriculum.toml",
        "minutes = 2, core = false",
        "minutes = 9, core = false",
    )


def promise_without_a_check(root: Path) -> None:
    replace_in(root / CHECKS, "# - The result is two times", "# - The result is twice")


def check_without_a_promise(root: Path) -> None:
    promise = "# - The result is two times the number, and that of zero is zero.\n"
    replace_in(root / CHECKS, promise, "")


def sample_that_no_check_sends(root: Path) -> None:
    check = root / CHECKS
    replace_in(check, "import pytest", "# - It takes `bool`.\nimport pytest")
    text = BRIEF.replace(
        "```text", '- It takes `bool`.\n\n```text\ndouble("a dozen")  →  4'
    )
    edit_master(root, "double-brief", retyped(text))


def word_of_authors(root: Path) -> None:
    edit_master(root, "double-why", retyped("The stub raises."))


def lesson_that_is_not_there(root: Path) -> None:
    edit_master(root, "double-why", retyped("More in 14_refresh."))


def number_that_is_not_there(root: Path) -> None:
    edit_master(root, "double-why", retyped("You need lessons 01 and 05."))


def opening_without_minutes(root: Path) -> None:
    edit_master(root, "intro", retyped("# Counting\n\nThe service can greet only."))


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
FOUND_BY_READING = {
    missing_hint: {Kind.HINT},
    hint_with_the_answer: {Kind.HINT},
    rule_without_docstring: {Kind.RULE},
    misspelt_file: {Kind.LAYOUT},
    helpers_that_pytest_does_not_know: {Kind.LAYOUT},
    cell_never_run: {Kind.NOTEBOOK},
    needs_a_later_kata: {Kind.NOTEBOOK},
    lesson_edited_by_hand: {Kind.SYNC},
    forbidden_word: {Kind.PROSE},
    link_in_a_hint: {Kind.HINT},
    hint_without_a_shape: {Kind.HINT},
    example_that_needs_another_cell: {Kind.EXAMPLE},
    example_that_prints_nothing: {Kind.EXAMPLE},
    example_that_differs_by_zone: {Kind.EXAMPLE},
    example_about_waybill: {Kind.EXAMPLE},
    example_of_no_kata: {Kind.NOTEBOOK},
    no_example: {Kind.TASK},
    name_never_shown: {Kind.SHOWN},
    two_terms: {Kind.TASK},
    facts_of_another_kata: {Kind.TASK},
    promise_without_a_check: {Kind.PROMISE},
    check_without_a_promise: {Kind.PROMISE},
    sample_that_no_check_sends: {Kind.PROMISE},
    word_of_authors: {Kind.PROSE},
    lesson_that_is_not_there: {Kind.PROSE},
    number_that_is_not_there: {Kind.PROSE},
    opening_without_minutes: {Kind.PROSE},
}


def of_lesson_02(root: Path, runners: Runners) -> list[Fault]:
    course = Course(root)
    katas = course.curriculum.lesson("02").katas
    return prove(course, katas, runners, mutants=True, limits=SMALL).faults


@pytest.fixture(scope="module")
def sample(runners: Runners) -> set[str]:
    """What is wrong with the sample: nobody made wrong answers for its first lesson."""
    found = of_lesson_02(SAMPLE, runners)
    assert {fault.kind for fault in found} == {Kind.LAYOUT}
    return {str(fault) for fault in found}


def test_the_sample_is_written_as_a_lesson_should_be() -> None:
    course = Course(SAMPLE)
    found = read(course, course.curriculum.katas, limits=SMALL).faults
    assert {fault.kind for fault in found} == {Kind.LAYOUT}


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


@pytest.mark.parametrize("break_it", FOUND_BY_READING, ids=lambda one: one.__name__)
def test_each_kind_of_fault_is_found_without_a_run(
    break_it: Callable[[Path], None], tmp_path: Path
) -> None:
    root = tmp_path / "course"
    shutil.copytree(SAMPLE, root)
    break_it(root)
    found = read_lesson_02(root) - read_lesson_02(SAMPLE)
    assert {fault.kind for fault in found} == FOUND_BY_READING[break_it]


def read_lesson_02(root: Path) -> set[Fault]:
    course = Course(root)
    katas = course.curriculum.lesson("02").katas
    return {*read(course, katas, limits=SMALL).faults}


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
