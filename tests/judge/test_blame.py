"""A kata is blamed only for code the learner wrote, and only while it is not green."""

from collections.abc import Callable

from kata.verdict import Status
from tests.helpers.bench import APP, GREET, GREETED, Bench, problem


def test_a_kata_that_is_green_is_not_blamed(bench: Callable[[str], Bench]) -> None:
    cell = APP + '    return {"message": greet(None)}'
    picky = GREET.format('"Hello, " + name + "!"')
    verdict = bench("greeting.hello").run(GREETED, picky, cell)
    said = problem(verdict)
    assert verdict.status is Status.FAILED
    assert "TypeError: can only concatenate str" in said.happened
    assert said.line
    assert "greet(None)" in said.line.text


def test_where_no_own_line_raised_a_green_kata_is_named_and_not_blamed(
    bench: Callable[[str], Bench],
) -> None:
    checks = '''
def test_it():
    """It greets."""
    from waybill.hello import greet

    greet(5)
'''
    cell = APP + '    return {"message": "x"}'
    picky = GREET.format('"Hello, " + name + "!"')
    verdict = bench("greeting.hello").run(checks, picky, cell)
    assert verdict.status is Status.FAILED
    assert "belongs to greeting.name, which passes its checks" in (
        problem(verdict).happened
    )


def test_a_kata_that_is_red_comes_first(bench: Callable[[str], Bench]) -> None:
    checks = '''
def test_it():
    """It greets."""
    from waybill.hello import greet

    greet("Ada")
'''
    cell = APP + '    return {"message": "x"}'
    verdict = bench("greeting.hello").run(checks, GREET.format("1 / 0"), cell)
    assert verdict.status is Status.BLOCKED
    assert verdict.waits_for == "greeting.name"
    assert problem(verdict).next_step == (
        "Fix greeting.name in its cell, then run this one again."
    )


def test_starting_code_that_is_still_to_be_written_comes_first(
    bench: Callable[[str], Bench],
) -> None:
    checks = '''
def test_it():
    """It greets."""
    from waybill.hello import greet

    greet("Ada")
'''
    cell = APP + '    return {"message": "x"}'
    todo = "#| kata: greeting.name\ndef greet(name: str) -> str:\n"
    verdict = bench("greeting.hello").run(
        checks, todo + "    raise NotImplementedError", cell
    )
    assert problem(verdict).happened == (
        "This kata waits for greeting.name, which is still to be written."
    )
