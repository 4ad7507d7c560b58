"""`kata verify --read`: each fault that can be found without a run is found."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kata.build import derive
from kata.course.course import Course
from kata.verify.fault import Fault, Kind
from kata.verify.proof import read
from tests.helpers.sample import (
    BRIEF,
    CHECKS,
    EXAMPLE,
    SAMPLE,
    SMALL,
    WHAT_DOUBLE_DOES,
    edit_master,
    replace_in,
    retyped,
)


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


def red_verdict_below_an_answer(root: Path) -> None:
    edit_master(root, "double-solution", stored("NOT YET: counting.double, 1 of 2"))


def nothing_below_a_stub(root: Path) -> None:
    edit_master(root, "double-stub", stored(""))


def stored(verdict: str) -> Callable[[dict[str, Any]], None]:
    data = {"text/plain": verdict}
    return lambda cell: cell.update(outputs=[{"data": data}] if verdict else [])


def forbidden_word(root: Path) -> None:
    edit_master(root, "double-why", retyped("It simply doubles."))


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
    in_utc = "1772409600.0\n"
    edit_master(root, "double-example", retyped(f"{EXAMPLE}{clock}", in_utc))


def example_changed_since_it_was_stored(root: Path) -> None:
    edit_master(root, "double-example", retyped(f"{EXAMPLE}print(3 * 13)", "36\n"))


def example_about_waybill(root: Path) -> None:
    edit_master(root, "double-example", retyped(f"{EXAMPLE}print('a parcel', 2 * 3)"))


def example_of_no_kata(root: Path) -> None:
    source = "#| example: counting.doubel\nprint(3 * 12)"
    edit_master(root, "double-example", retyped(source))


def two_examples(root: Path) -> None:
    edit_master(root, "double-demo", retyped(f"{EXAMPLE}print(1)", "1\n"))


def example_below_its_stub(root: Path) -> None:
    edit_master(root, "double-example", retyped("print(3 * 12)"))
    moved = retyped(f"{EXAMPLE}print(3 * 12)", "36\n")
    edit_master(root, "double-demo", moved)


def shared_example_below_a_stub(root: Path) -> None:
    moved = retyped("#| example: counting\nprint(3 * 12)", "36\n")
    edit_master(root, "double-demo", moved)


def shared_example_that_fails(root: Path) -> None:
    edit_master(root, "start", retyped("#| example: counting\nprint(3 / 0)"))


def no_example(root: Path) -> None:
    edit_master(root, "double-example", retyped("print(3 * 12)"))
    lines = "\n".join(f"    step_{n} = number" for n in range(5))
    body = f"def double(number: int) -> int:\n{lines}\n    return number * 2"
    edit_master(root, "double-solution", retyped(f"#| kata: counting.double\n{body}"))
    list(derive.derive(Course(root)))


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


def message_of_authors(root: Path) -> None:
    replace_in(root / CHECKS, ' gave {double(number)}."', " is the stub's.\"")


def lesson_that_is_not_there(root: Path) -> None:
    edit_master(root, "double-why", retyped("More in 14_refresh."))


def number_that_is_not_there(root: Path) -> None:
    edit_master(root, "double-why", retyped("You need lessons 01 and 05."))


def opening_without_minutes(root: Path) -> None:
    edit_master(root, "intro", retyped("# Counting\n\nThe service can greet only."))


FOUND_BY_READING = {
    missing_hint: {Kind.HINT},
    hint_with_the_answer: {Kind.HINT},
    rule_without_docstring: {Kind.RULE},
    misspelt_file: {Kind.LAYOUT},
    helpers_that_pytest_does_not_know: {Kind.LAYOUT},
    cell_never_run: {Kind.NOTEBOOK},
    needs_a_later_kata: {Kind.NOTEBOOK},
    red_verdict_below_an_answer: {Kind.STORED},
    nothing_below_a_stub: {Kind.STORED},
    lesson_edited_by_hand: {Kind.SYNC},
    forbidden_word: {Kind.PROSE},
    link_in_a_hint: {Kind.HINT},
    hint_without_a_shape: {Kind.HINT},
    example_that_needs_another_cell: {Kind.EXAMPLE},
    example_that_prints_nothing: {Kind.EXAMPLE},
    example_changed_since_it_was_stored: {Kind.EXAMPLE},
    example_that_differs_by_zone: {Kind.EXAMPLE},
    example_about_waybill: {Kind.EXAMPLE},
    example_of_no_kata: {Kind.NOTEBOOK},
    two_examples: {Kind.NOTEBOOK},
    example_below_its_stub: {Kind.NOTEBOOK},
    shared_example_below_a_stub: {Kind.NOTEBOOK},
    shared_example_that_fails: {Kind.EXAMPLE},
    no_example: {Kind.TASK},
    name_never_shown: {Kind.SHOWN},
    two_terms: {Kind.TASK},
    facts_of_another_kata: {Kind.TASK},
    promise_without_a_check: {Kind.PROMISE},
    check_without_a_promise: {Kind.PROMISE},
    sample_that_no_check_sends: {Kind.PROMISE},
    word_of_authors: {Kind.PROSE},
    message_of_authors: {Kind.PROSE},
    lesson_that_is_not_there: {Kind.PROSE},
    number_that_is_not_there: {Kind.PROSE},
    opening_without_minutes: {Kind.PROSE},
}


def test_the_sample_is_written_as_a_lesson_should_be() -> None:
    course = Course(SAMPLE)
    found = read(course, course.curriculum.katas, limits=SMALL).faults
    assert {fault.kind for fault in found} == {Kind.LAYOUT}


@pytest.mark.parametrize("break_it", FOUND_BY_READING, ids=lambda one: one.__name__)
def test_each_kind_of_fault_is_found_without_a_run(
    break_it: Callable[[Path], None], tmp_path: Path
) -> None:
    root = tmp_path / "course"
    shutil.copytree(SAMPLE, root)
    break_it(root)
    found = read_lesson_02(root) - as_it_is()
    assert {fault.kind for fault in found} == FOUND_BY_READING[break_it]


@cache
def as_it_is() -> set[Fault]:
    return read_lesson_02(SAMPLE)


def read_lesson_02(root: Path) -> set[Fault]:
    course = Course(root)
    katas = course.curriculum.lesson("02").katas
    return {*read(course, katas, limits=SMALL).faults}
