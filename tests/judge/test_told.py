"""A check that runs a learner's code tells of an exception: its line is found."""

from collections.abc import Callable

import pytest

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.verdict import Status, Verdict
from kata.workspace.workspace import Workspace
from tests.helpers.bench import APP, GREET, RIGHT, Bench, problem
from tests.helpers.places import SAMPLE

TELLING = '''
def test_it():
    """Your test passes."""
    raise AssertionError({!r})
'''
ENDED = "Your test ended with TypeError: it is no text, at `{}`. Keep `await`."
CELL = APP + '    return {"message": greet(name)}'


def told(bench: Callable[[str], Bench], message: str, *cells: str) -> Verdict:
    return bench("greeting.hello").run(TELLING.format(message), *cells)


def test_a_line_of_the_cell_is_shown(bench: Callable[[str], Bench]) -> None:
    line = 'return {"message": greet(name)}'
    verdict = told(bench, ENDED.format(line), RIGHT, CELL)
    said = problem(verdict)
    assert verdict.status is Status.FAILED
    assert said.happened == ENDED.format(line)
    assert said.line
    assert said.line.number == len(CELL.splitlines())


def test_a_line_of_another_kata_that_is_red_comes_first(
    bench: Callable[[str], Bench],
) -> None:
    ended = ENDED.format("return name + 1")
    checks = f'''
def test_it():
    """Your test passes."""
    from waybill import hello

    if hasattr(hello, "greet"):
        raise AssertionError({ended!r})
    raise AssertionError("Your test ended with a missing fixture, `greet`.")
'''
    red = GREET.format("name + 1")
    verdict = bench("greeting.hello").run(checks, red, CELL)
    assert verdict.status is Status.BLOCKED
    assert verdict.waits_for == "greeting.name"
    assert problem(verdict).happened == (
        "This kata waits for greeting.name, whose code raised TypeError: it is no text."
    )


@pytest.mark.parametrize("line", ["return nowhere", ""])
def test_a_line_that_is_nowhere_changes_nothing(
    line: str, bench: Callable[[str], Bench]
) -> None:
    said = problem(told(bench, ENDED.format(line), RIGHT, CELL))
    assert said.happened == ENDED.format(line)
    assert said.line is None


def test_a_fixture_of_another_kata_that_is_missing_comes_first(
    bench: Callable[[str], Bench],
) -> None:
    message = "Your test ended with a missing fixture, `greet`. Keep `await`."
    verdict = told(bench, message, CELL)
    assert verdict.status is Status.BLOCKED
    assert verdict.waits_for == "greeting.name"


def test_starting_code_that_lacks_a_fixture_shows_its_task(
    bench: Callable[[str], Bench],
) -> None:
    course = Course(SAMPLE)
    kata = course.curriculum.kata("greeting.hello")
    message = "Your test ended with a missing fixture, `greet`. Keep `await`."
    place = bench(kata.id)
    in_its_cell = place.run(TELLING.format(message), course.cells(kata).stub)
    workspace = Workspace(place.root / "workspace")
    on_disk = Loop(Course(place.root / "course"), workspace, PlainRunner())
    assert in_its_cell.status is Status.UNTOUCHED
    assert on_disk.check(kata).status is Status.UNTOUCHED


def test_a_fixture_that_no_kata_defines_blocks_nothing(
    bench: Callable[[str], Bench],
) -> None:
    message = "Your test ended with a missing fixture, `cliant`. Keep `await`."
    verdict = told(bench, message, CELL)
    assert verdict.status is Status.FAILED
    assert problem(verdict).happened == message
