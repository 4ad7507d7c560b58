"""Exceptions in words that help."""

import pytest

from kata.judge.explain import explain
from kata.runner.report import Failure, Frame

FILE = "waybill/numbers.py"
MINE = (Frame(FILE, 2),)


@pytest.mark.parametrize(
    ("failure", "happened"),
    [
        (Failure("AssertionError", "It gave 3."), "It gave 3."),
        (Failure("Failed", "It gave 3."), "It gave 3."),
        (Failure("Failed", "no", MINE), "Your code raised Failed: no"),
        (Failure("AssertionError", "assert 3 == 4"), "The check compared, and it"),
        (Failure("AssertionError", ""), "An assert without a message did not hold."),
        (Failure("MemoryError", "", MINE), "The code asked for more memory"),
        (Failure("ZeroDivisionError", "by zero", MINE), "Your code raised Zero"),
        (Failure("OSError", "no such file"), "It ended in OSError: no such file"),
        (
            Failure("ImportError", "…", name="double", module="waybill.numbers"),
            "waybill/numbers.py has no `double` yet.",
        ),
    ],
)
def test_what_happened_is_said_in_the_words_of_whoever_knows_best(
    failure: Failure, happened: str
) -> None:
    assert explain(failure, FILE).happened.startswith(happened)


def test_of_many_mistakes_in_an_answer_the_first_is_shown() -> None:
    one = "  {{'type': 'x', 'loc': ('response', {0}), 'input': 'A'}}\n"
    listed = "".join(map(one.format, range(9)))
    said = f"9 validation errors:\n{listed}\n  GET /rates"
    happened = explain(Failure("ResponseValidationError", said), FILE).happened
    assert "9 validation errors" in happened
    assert "('response', 0)" in happened
    assert "('response', 1)" not in happened
    assert happened.endswith("GET /rates")
