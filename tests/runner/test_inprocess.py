"""The in-process back end: what a run changes is put back, and it can be stopped."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kata.runner.inprocess import InProcessRunner
from kata.runner.report import Ending
from tests.helpers.warm import GOOD, WRONG, job, passed


@pytest.fixture
def runner() -> InProcessRunner:
    return InProcessRunner()


def test_what_a_run_changes_is_put_back(
    runner: InProcessRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spoils = (
        "import io, os, sys, random\n"
        "os.environ['SPOILED'] = 'yes'\n"
        "os.chdir('/')\n"
        "sys.path.clear()\n"
        "sys.meta_path.clear()\n"
        "sys.modules['random'] = None\n"
        "sys.stdout = sys.stderr = io.StringIO()\n"
    )

    def state() -> tuple[object, ...]:
        modules = {n: m for n, m in sys.modules.items() if "waybill" in n}
        streams = sys.stdin, sys.stdout, sys.stderr
        places = Path.cwd(), [*sys.path], [*sys.meta_path]
        return *places, dict(os.environ), modules, streams, sys.modules.get("random")

    before = state()
    runner.run(job(tmp_path, spoils + GOOD))
    assert state() == before


def test_the_service_is_imported_anew_and_a_notebook_keeps_its_own(
    runner: InProcessRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = object()
    monkeypatch.setitem(sys.modules, "waybill", mine)
    # The same size, within the same second: bytecode would be taken for up to date.
    assert passed(runner.run(job(tmp_path, GOOD)))
    assert not passed(runner.run(job(tmp_path, WRONG)))
    assert passed(runner.run(job(tmp_path, GOOD)))
    assert sys.modules["waybill"] is mine


def test_checks_with_a_loop_of_their_own_run_inside_a_notebooks_loop(
    runner: InProcessRunner, tmp_path: Path
) -> None:
    one = job(tmp_path, "import asyncio\nasyncio.run(asyncio.sleep(0))\n" + GOOD)

    async def cell() -> object:
        report = runner.run(one)
        await asyncio.sleep(0)  # the notebook's loop goes on
        return report.ending, passed(report), asyncio.current_task() is task

    with asyncio.Runner() as loop:
        task = loop.get_loop().create_task(cell())
        ending = loop.run(asyncio.wait_for(task, None))
    assert ending == (Ending.FINISHED, True, True)


@pytest.mark.skipif(os.name != "posix", reason="Windows raises no SIGINT by itself")
def test_an_interrupt_stops_the_run_and_comes_through(
    runner: InProcessRunner, tmp_path: Path
) -> None:
    handler = signal.getsignal(signal.SIGINT)
    stopped = "import signal\nsignal.raise_signal(signal.SIGINT)\n" + GOOD
    with pytest.raises(KeyboardInterrupt):
        runner.run(job(tmp_path, stopped))
    assert signal.getsignal(signal.SIGINT) is handler
    assert passed(runner.run(job(tmp_path, GOOD)))


def test_a_thread_has_no_signals_and_gets_its_verdict(
    runner: InProcessRunner, tmp_path: Path
) -> None:
    reports = []
    one = job(tmp_path, GOOD)
    thread = threading.Thread(target=lambda: reports.append(runner.run(one)))
    thread.start()
    thread.join()
    assert passed(reports[0])


def test_it_needs_nothing_that_a_browser_lacks() -> None:
    # It has no processes, and so no psutil.
    script = (
        "import sys\n"
        "sys.modules['psutil'] = None\n"
        "sys.platform = 'emscripten'\n"
        "from kata.runner.choice import best_runner\n"
        "print(type(best_runner()).__name__)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout == "InProcessRunner\n"
