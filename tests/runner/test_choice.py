"""Which back end runs the checks: the best one here, or the one that is asked for."""

import subprocess
import sys

import pytest

from kata.errors import KataError
from kata.runner.choice import best_runner
from kata.runner.inprocess import InProcessRunner
from kata.runner.plain import PlainRunner
from kata.runner.spawn import SpawnRunner
from kata.runner.warm import WarmRunner


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("plain", PlainRunner),
        ("spawn", SpawnRunner),
        ("warm", WarmRunner),
        ("inprocess", InProcessRunner),
    ],
)
def test_a_back_end_can_be_forced(
    setting: str, expected: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KATA_RUNNER", setting)
    with best_runner() as runner:
        assert isinstance(runner, expected)


def test_a_single_run_is_not_worth_getting_warm_for() -> None:
    with best_runner(once=True) as runner:
        assert isinstance(runner, PlainRunner)


def test_an_unknown_back_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KATA_RUNNER", "hot")
    with pytest.raises(KataError, match="warm, spawn, plain, inprocess"):
        best_runner()


def test_the_client_need_not_import_what_the_zygote_does() -> None:
    # `kata` and the notebook's first cell should not pay for what only children use.
    script = (
        "import sys, kata.runner.choice\nprint({'pytest', 'fastapi'} & {*sys.modules})"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout == "set()\n"
