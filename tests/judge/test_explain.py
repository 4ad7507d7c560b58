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


def test_of_many_errors_of_one_answer_the_first_is_shown() -> None:
    errors = "".join(f"\n  {{'loc': ('response', {n}, 'scans')}}" for n in range(31))
    failure = Failure("ResponseValidationError", f"31 validation errors:{errors}")
    assert explain(failure, FILE).happened == (
        "It ended in ResponseValidationError: 31 validation errors:\n"
        "  {'loc': ('response', 0, 'scans')}\n  …"
    )
