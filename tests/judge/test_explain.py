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
        (Failure("NotImplementedError", "", MINE), "This part is still to be written."),
        (
            Failure("NotImplementedError", "not on Windows", MINE),
            "Your code raised NotImplementedError: not on Windows",
        ),
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


def test_a_file_of_the_service_is_imported_from_its_package() -> None:
    failure = Failure("ModuleNotFoundError", "No module named 'rates'", module="rates")
    files = ("waybill/rates.py", "waybill/hello.py", "waybill/exchange_rates.py")
    assert explain(failure, FILE, files).next_step == (
        "`rates` stands in the package `waybill`: `from waybill import rates`."
    )
    assert explain(failure, FILE).next_step.startswith("Look at the spelling")
