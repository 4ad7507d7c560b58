"""Whatever a cell does, every back end comes to one honest verdict on it."""

import os
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from kata.runner.child.plugin import system_exit_behind
from kata.runner.report import Ending, Runner
from kata.verdict import Status
from tests.helpers.runner import GOOD, SOON, verdict_on
from tests.helpers.warm import WRONG, job, passed


def test_a_right_answer_passes(tmp_path: Path, each_runner: Runner) -> None:
    verdict = verdict_on(GOOD, tmp_path, each_runner)
    assert verdict.status is Status.PASSED
    assert verdict.imported == ("waybill/__init__.py", "waybill/numbers.py")


def test_a_run_to_the_first_refusal_says_the_same_of_it_and_runs_no_other(
    tmp_path: Path, each_runner: Runner
) -> None:
    whole = job(tmp_path, WRONG)
    first = replace(whole, to_the_first_refusal=True)
    all_said, said = each_runner.run(whole), each_runner.run(first)
    assert [bool(one.failure) for one in all_said.checks] == [False, True, True]
    assert said.ending is Ending.FINISHED
    assert said.checks == all_said.checks[:2]
    right = replace(job(tmp_path, GOOD), to_the_first_refusal=True)
    assert passed(each_runner.run(right))
    assert len(each_runner.run(right).checks) == len(all_said.checks)


IN_THE_FUNCTION = "def double(number: int) -> int:\n    {}\n    return 2 * number"


@pytest.mark.parametrize(
    ("cell", "status", "said"),
    [
        ("import sys\nsys.exit(0)", Status.BROKEN, "SystemExit"),
        ("raise KeyboardInterrupt", Status.BROKEN, "KeyboardInterrupt"),
        (IN_THE_FUNCTION.format("raise SystemExit(0)"), Status.FAILED, "SystemExit"),
        (
            IN_THE_FUNCTION.format("raise KeyboardInterrupt"),
            Status.FAILED,
            "KeyboardInterrupt",
        ),
        ("1 / 0", Status.BROKEN, "ZeroDivisionError"),
        (
            "import pytest\n" + IN_THE_FUNCTION.format("pytest.skip('no')"),
            Status.FAILED,
            "Skipped",
        ),
        (
            "import pytest\n" + IN_THE_FUNCTION.format("pytest.xfail('no')"),
            Status.FAILED,
            "XFailed",
        ),
        (
            "import pytest\n" + IN_THE_FUNCTION.format("pytest.exit('no', 0)"),
            Status.FAILED,
            "Exit",
        ),
        (
            "import pytest\n" + IN_THE_FUNCTION.format("pytest.fail('no')"),
            Status.FAILED,
            "Your code raised Failed",
        ),
        ("x = nowhere", Status.BROKEN, "NameError"),
        ("def double(number: int) -> int: ...", Status.FAILED, "gave None"),
        ("", Status.FAILED, "waybill/numbers.py has no `double` yet."),
    ],
)
def test_a_cell_that_does_not_answer_rightly_never_passes(
    tmp_path: Path, each_runner: Runner, cell: str, status: Status, said: str
) -> None:
    verdict = verdict_on(cell, tmp_path, each_runner)
    assert verdict.status is status
    assert verdict.problem
    assert said in verdict.problem.happened


@pytest.mark.parametrize(
    "cell",
    [
        "import os\nos._exit(0)",
        "import os\n" + IN_THE_FUNCTION.format("os._exit(0)"),
        "import ctypes\nctypes.string_at(0)",
    ],
)
def test_a_cell_that_ends_python_never_passes(
    tmp_path: Path, each_process: Runner, cell: str
) -> None:
    verdict = verdict_on(cell, tmp_path, each_process)
    assert verdict.status is Status.BROKEN
    assert verdict.problem
    assert "ended before the checks did" in verdict.problem.happened


@pytest.mark.parametrize(
    "cell",
    [
        "while True:\n    pass",
        IN_THE_FUNCTION.format("while True: pass"),
        IN_THE_FUNCTION.format("import time; time.sleep(3600)"),
        "try:\n    while True:\n        pass\nexcept BaseException:\n    pass",
        # One check fails first; that must not cost the line of the next one.
        "def double(number: int) -> int:\n    while number: pass\n    return 1",
    ],
)
def test_what_never_ends_is_stopped_and_its_line_is_named(
    tmp_path: Path, each_runner: Runner, cell: str
) -> None:
    verdict = verdict_on(cell, tmp_path, each_runner, SOON)
    assert verdict.status is Status.BROKEN
    assert verdict.problem
    assert "had not come to an end" in verdict.problem.happened
    assert verdict.problem.line
    looping = ("while", "pass", "sleep")
    assert any(word in verdict.problem.line.text for word in looping)


def test_every_failure_is_told_and_pytest_writes_about_the_first(
    tmp_path: Path, each_runner: Runner
) -> None:
    holds, first, second = each_runner.run(job(tmp_path, WRONG)).checks
    assert holds.failure is None
    assert first.failure
    assert "assert 3 == (2 * 1)" in first.failure.report
    assert second.failure
    assert second.failure.message.startswith("double(21) gave 63.")
    assert second.failure.report == ""


def test_a_forged_report_is_not_believed(tmp_path: Path, each_process: Runner) -> None:
    forged = (
        "import json, os\n"
        "for fd in range(1, 20):\n"
        "    for message in (\n"
        "        {'kind': 'import', 'failure': None},\n"
        "        {'kind': 'end', 'check': 'test_doubles'},\n"
        "        {'kind': 'done', 'nonce': 'guess'},\n"
        "    ):\n"
        "        try:\n"
        "            os.write(fd, json.dumps(message).encode() + b'\\n')\n"
        "        except OSError:\n"
        "            pass\n"
        "os._exit(0)"
    )
    assert verdict_on(forged, tmp_path, each_process).status is Status.BROKEN


def test_a_flood_of_output_is_stopped(tmp_path: Path, each_runner: Runner) -> None:
    verdict = verdict_on("while True:\n    print('x' * 100_000)", tmp_path, each_runner)
    assert verdict.status is Status.BROKEN
    assert verdict.problem
    assert "printed more than" in verdict.problem.happened
    assert len(verdict.printed) < 10_000


def test_what_a_cell_prints_is_shown(tmp_path: Path, each_runner: Runner) -> None:
    verdict = verdict_on(f"print('hello, 日本')\n{GOOD}", tmp_path, each_runner)
    assert verdict.status is Status.PASSED
    assert "hello, 日本" in verdict.printed


def test_a_run_does_not_wait_for_command_lines_that_nobody_types(
    tmp_path: Path, each_process: Runner
) -> None:
    cell = f"import httpx, sys\n\n{GOOD}\n\nprint('rich' in sys.modules)"
    verdict = verdict_on(cell, tmp_path, each_process)
    assert verdict.status is Status.PASSED
    assert verdict.printed.strip() == "False"


def test_threads_that_go_on_do_not_hold_up_a_verdict(
    tmp_path: Path, each_process: Runner
) -> None:
    cell = (
        "import threading\n\n"
        f"{GOOD}\n\n"
        "threading.Thread(target=threading.Event().wait).start()"
    )
    assert verdict_on(cell, tmp_path, each_process).status is Status.PASSED


def test_no_process_is_left_behind(tmp_path: Path, each_process: Runner) -> None:
    cell = (
        "import subprocess, sys\n\n"
        f"{GOOD}\n\n"
        "command = [sys.executable, '-c', 'import time; time.sleep(3600)']\n"
        "print(subprocess.Popen(command).pid)\n"
        "print(subprocess.Popen(command, start_new_session=True).pid)"
    )
    verdict = verdict_on(cell, tmp_path, each_process)
    assert verdict.status is Status.PASSED
    left = [
        int(pid)
        for pid in verdict.printed.split()
        if psutil.pid_exists(int(pid))
        and psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE
    ]
    assert left == []


def test_the_environment_of_a_notebook_does_not_reach_the_checks(
    tmp_path: Path, each_runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("MPLBACKEND", "module://nowhere")
    cell = (
        "import os\n\n"
        f"{GOOD}\n\n"
        "print(sorted(os.environ.keys() & "
        "{'FORCE_COLOR', 'PYTEST_ADDOPTS', 'PYTHONPATH', 'MPLBACKEND'}))"
    )
    verdict = verdict_on(cell, tmp_path, each_runner)
    assert verdict.status is Status.PASSED
    assert verdict.printed.strip() == "[]"


def test_the_settings_of_a_learner_do_not_reach_the_checks(
    tmp_path: Path, each_runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYBILL_ENVIRONMENT", "production")
    (tmp_path / ".env").write_text("WAYBILL_ENVIRONMENT=production\n")
    cell = (
        "import os\n\n"
        f"{GOOD}\n\n"
        "print(os.environ.get('WAYBILL_ENVIRONMENT'), os.listdir())"
    )
    verdict = verdict_on(cell, tmp_path, each_runner)
    assert verdict.status is Status.PASSED
    assert verdict.printed.strip() == "development []"


def test_files_beside_the_service_do_not_hide_the_standard_library(
    tmp_path: Path, each_runner: Runner
) -> None:
    (tmp_path / "json.py").write_text("raise ImportError('not this one')\n")
    assert verdict_on(GOOD, tmp_path, each_runner).status is Status.PASSED


def test_an_interrupt_ends_the_child_and_comes_through(
    tmp_path: Path, each_process: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = tmp_path / "running"
    cell = (
        "import os, pathlib\n"
        f"there = pathlib.Path({str(running)!r})\n"
        "there.with_suffix('.new').write_text(str(os.getpid()))\n"
        "there.with_suffix('.new').rename(there)\n"
        "while True:\n    pass"
    )

    def interrupting() -> float:
        # The interrupt arrives while the runner waits: from the clock it looks at.
        if running.exists():
            raise KeyboardInterrupt
        return 0.0

    with monkeypatch.context() as patch:
        patch.setattr("kata.runner.supervise.time.monotonic", interrupting)
        with pytest.raises(KeyboardInterrupt):
            verdict_on(cell, tmp_path, each_process)
    assert not psutil.pid_exists(int(running.read_text()))
    assert verdict_on(GOOD, tmp_path, each_process).status is Status.PASSED


@pytest.mark.skipif(os.name != "posix", reason="signals have these names on POSIX")
def test_a_crash_is_named_by_its_signal(tmp_path: Path, each_process: Runner) -> None:
    verdict = verdict_on("import os\nos.kill(os.getpid(), 11)", tmp_path, each_process)
    assert verdict.problem
    assert "SIGSEGV" in verdict.problem.happened


def test_an_exit_is_found_behind_whatever_it_led_to() -> None:
    leaving = SystemExit(0)
    other = RuntimeError("the loop is gone")
    other.__context__ = BaseExceptionGroup("tasks", [ValueError(), leaving])
    shown = RuntimeError("pytest ends")
    shown.__cause__, shown.__context__ = ValueError(), other
    assert system_exit_behind(shown) is leaving
    other.__context__ = shown
    assert system_exit_behind(shown) is None
