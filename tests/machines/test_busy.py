"""A busy machine is not a loop without an end: computing and waiting count apart."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kata.display.text import render
from kata.runner import clock, processes
from kata.runner.report import Ending, Runner
from kata.verdict import Status
from tests.helpers.cli import answer, eventually, kata, workspace
from tests.helpers.runner import GOOD, SOON, verdict_on
from tests.helpers.warm import job
from tests.machines.busy import busy_machine, needs_one_processor

LOOP = "while True:\n    pass"
SLEEP = "import time\ntime.sleep(3600)"
COMPUTES = (
    "import time\n\n\n"
    "def double(number: int) -> int:\n"
    "    until = time.process_time() + {}\n"
    "    while time.process_time() < until:\n"
    "        pass\n"
    "    return 2 * number\n"
)
"""A right answer that takes its time, and the same on every machine."""


@needs_one_processor
def test_a_right_answer_keeps_its_green_on_a_busy_machine(tmp_path: Path) -> None:
    place = workspace(tmp_path / "place")
    # Three checks, half a second each, of which a busy processor makes eight times it:
    # by the wall, that is more than the six seconds that this kata may take.
    answer(place, "#| kata: counting.double\n" + COMPUTES.format(0.5))
    with busy_machine():
        checked = kata("check", "counting.double", cwd=place.root)
    assert checked.status == 0, checked.out


@needs_one_processor
@pytest.mark.parametrize(
    ("cell", "said", "line"),
    [
        (LOOP, "of computing", ("while", "pass")),
        (SLEEP, "after waiting", ("time.sleep",)),
    ],
)
def test_what_never_ends_is_told_from_a_busy_machine(
    tmp_path: Path, each_runner: Runner, cell: str, said: str, line: tuple[str, ...]
) -> None:
    # What a first run imports is computing, too, and takes a busy machine longer.
    assert verdict_on(GOOD, tmp_path, each_runner).status is Status.PASSED
    with busy_machine(loops=3):
        verdict = verdict_on(cell, tmp_path, each_runner, 2 * SOON)
    assert verdict.status is Status.BROKEN
    assert verdict.problem
    assert said in verdict.problem.happened
    assert verdict.problem.line
    assert any(word in verdict.problem.line.text for word in line), render(verdict)


RUNS = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', {!r}])"
"""A cell that waits for another process."""


@pytest.mark.parametrize(
    ("cell", "ending"),
    [
        (LOOP, Ending.TIMED_OUT),
        (SLEEP, Ending.WAITED),
        ("import threading\nthreading.Event().wait()", Ending.WAITED),
        ("import time\nwhile True:\n    time.sleep(0.01)", Ending.WAITED),
        (RUNS.format(LOOP), Ending.TIMED_OUT),
        (RUNS.format(SLEEP), Ending.WAITED),
    ],
)
def test_computing_and_waiting_are_told_apart(
    tmp_path: Path, each_process: Runner, cell: str, ending: Ending
) -> None:
    assert each_process.run(job(tmp_path, cell, SOON)).ending is ending


@pytest.mark.parametrize(
    ("cell", "ending"), [(LOOP, Ending.TIMED_OUT), (SLEEP, Ending.WAITED)]
)
def test_they_are_told_apart_where_a_system_shows_no_states(
    tmp_path: Path,
    real_runner: Runner,
    cell: str,
    ending: Ending,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "SHOWS_STATES", False)  # as on macOS and Windows
    assert real_runner.run(job(tmp_path, cell, SOON)).ending is ending


@pytest.mark.parametrize(
    ("in_line", "ending"), [(0.4, None), (0.0, Ending.WAITED)], ids=["line", "sleep"]
)
def test_a_thread_that_stands_in_line_for_a_processor_does_not_wait(
    monkeypatch: pytest.MonkeyPatch, in_line: float, ending: Ending | None
) -> None:
    looks = iter(range(100))
    monkeypatch.setattr(clock.time, "monotonic", lambda: 0.4 * next(looks))
    stood = iter(range(100))
    watch = clock.Clock(1.0, lambda: 0.0, in_line=lambda: in_line * next(stood))
    watch.begin()
    assert [watch.look() for _ in range(5)][-1] is ending


def test_what_was_computed_before_a_job_is_not_its_own_whenever_somebody_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # In the process of a notebook or of these tests, a signal has somebody look.
    times = iter(range(100))
    monkeypatch.setattr(clock.time, "monotonic", lambda: 0.4 * next(times))
    watch = clock.Clock(1.0, lambda: 100.0)
    seen: list[Ending | None] = []

    def signalled() -> float:
        watch.computed = lambda: 100.0
        seen.append(watch.look())
        return 100.0

    watch.computed = signalled
    watch.begin()
    assert [*seen, watch.look()] == [None, None]


def test_a_start_that_takes_long_is_no_fault_of_the_code(
    tmp_path: Path, each_process: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock.Clock, "begin", lambda _: None)  # as if it had not begun
    monkeypatch.setattr(clock, "START", 0.5)
    verdict = verdict_on(LOOP, tmp_path, each_process)
    assert verdict.status is Status.BROKEN
    assert verdict.problem
    assert "this machine is too busy" in verdict.problem.happened


def test_a_machine_that_does_not_get_on_is_named_at_last(
    tmp_path: Path, each_process: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Neither computing nor waiting: as if it stood in line for a processor for ever.
    monkeypatch.setattr(clock, "START", 0.0)
    monkeypatch.setattr(processes, "SHOWS_STATES", True)
    monkeypatch.setattr(processes.Family, "computed", lambda _: 0.0)
    monkeypatch.setattr(processes.Family, "is_busy", lambda _: True)
    verdict = verdict_on(LOOP, tmp_path, each_process, 0.1)
    assert verdict.status is Status.BROKEN
    assert verdict.problem
    assert "this machine is too busy" in verdict.problem.happened


@pytest.mark.parametrize("asked", [True, False])
def test_a_process_says_where_it_is_whether_or_not_the_system_can_ask(
    tmp_path: Path,
    asked: bool,
) -> None:
    if asked and not hasattr(signal, "SIGUSR1"):
        pytest.skip("this system has no such question")
    file = tmp_path / "stuck"
    script = (
        "import signal, sys\n"
        + ("" if asked else "vars(signal).pop('SIGUSR1', None)\n")
        + "from kata.runner.child import where\n"
        "where.listen(sys.argv[1], 0.1)\n"
        "sum(iter(int, 1))  # a loop inside Python itself\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(file)])
    try:
        eventually(file.exists)
        if asked:
            process.send_signal(signal.SIGUSR1)
        eventually(lambda: 'File "<string>", line' in file.read_text())
    finally:
        process.kill()
        process.wait()
