"""The warm runner: as isolated as a fresh process, and nobody has to look after it."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kata.runner.choice import best_runner
from kata.runner.plain import PlainRunner
from kata.runner.report import Ending, Report
from kata.runner.warm import WarmRunner
from tests.helpers.cli import eventually
from tests.helpers.runner import own_children
from tests.helpers.warm import (
    GOOD,
    WRONG,
    job,
    left_by_killed,
    passed,
    standing_by,
    zygotes,
)

pytestmark = pytest.mark.skipif(
    not WarmRunner.available(), reason="this system can't fork"
)


@pytest.fixture(scope="module")
def runner() -> Iterator[WarmRunner]:
    with WarmRunner() as warm:
        yield warm


@pytest.mark.parametrize(
    "cell",
    [
        GOOD,
        WRONG,
        "",
        "1 / 0",
        "def double(number) -> int\n",
        GOOD + "print('hello, 日本')\nimport sys\nprint(sys.stdin.read())",
        "import sys\nsys.exit(3)",
        "import os\nos._exit(3)",
        "import os\nos.kill(os.getpid(), 11)",
        "raise KeyboardInterrupt",
        "import os, signal\nsignal.raise_signal(signal.SIGINT)\n" + GOOD,
        "import os, signal\nsignal.raise_signal(signal.SIGTERM)\n" + GOOD,
        GOOD + "import os, sys\nprint(os.getcwd() in sys.path, os.environ['HOME'])",
        GOOD + "import os\nprint(os.getsid(0) == os.getpgrp())",
        GOOD + "import asyncio\nprint(asyncio.run(asyncio.sleep(0, 'ran')))",
    ],
)
def test_a_fork_and_a_fresh_process_report_the_same(
    runner: WarmRunner, tmp_path: Path, cell: str
) -> None:
    one = job(tmp_path, cell)
    assert runner.run(one) == PlainRunner().run(one)


def test_a_cell_that_closes_the_channel_never_passes(
    runner: WarmRunner, tmp_path: Path
) -> None:
    closes = "import os\nos.closerange(3, 100)\n" + GOOD
    report = runner.run(job(tmp_path, closes))
    assert report.ending is Ending.DIED
    assert report.checks == ()


def test_an_answer_is_read_anew_for_each_run(
    runner: WarmRunner, tmp_path: Path
) -> None:
    # The same size, within the same second: bytecode would be taken for up to date.
    assert passed(runner.run(job(tmp_path, GOOD)))
    assert not passed(runner.run(job(tmp_path, WRONG)))
    assert passed(runner.run(job(tmp_path, GOOD)))


def test_nothing_that_a_run_changes_reaches_the_next(
    runner: WarmRunner, tmp_path: Path
) -> None:
    spoiled = (
        "import builtins, os, sys, pytest, _pytest.runner, httpx\n"
        "os.environ['SPOILED'] = 'yes'\n"
        "os.chdir('/')\n"
        "sys.modules['random'] = None\n"
        "_pytest.runner.runtestprotocol = httpx.AsyncClient = pytest.main = None\n"
        "builtins.len = builtins.print = None\n"
    )
    runner.run(job(tmp_path, spoiled + GOOD))
    looks = "import os, random, httpx\nprint(len('abc'), 'SPOILED' in os.environ)\n"
    report = runner.run(job(tmp_path, looks + GOOD))
    assert passed(report)
    assert report.printed == "3 False\n"


def test_two_runs_draw_different_random_numbers(
    runner: WarmRunner, tmp_path: Path
) -> None:
    one = job(tmp_path, "import random\nprint(random.random())\n" + GOOD)
    assert runner.run(one).printed != runner.run(one).printed


def test_a_run_has_the_environment_of_its_own_time(
    runner: WarmRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert passed(runner.run(job(tmp_path, GOOD)))
    monkeypatch.setenv("HOME", "/set/later")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    looks = "import os\nprint(os.environ['HOME'])\n"
    report = runner.run(job(tmp_path, looks + GOOD))
    assert passed(report)
    assert report.printed == "/set/later\n"


def test_daemons_are_ended_with_the_run(runner: WarmRunner, tmp_path: Path) -> None:
    daemon = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "said, says = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        os.write(says, str(os.getpid()).encode())\n"
        "        time.sleep(3600)\n"
        "    os._exit(0)\n"
        "print(os.read(said, 20).decode())\n"
    )
    report = runner.run(job(tmp_path, daemon + GOOD))
    assert passed(report)
    assert not psutil.pid_exists(int(report.printed))


def test_a_burst_of_processes_is_ended_with_the_run(
    runner: WarmRunner, tmp_path: Path
) -> None:
    burst = (
        "import os, time\n"
        "for _ in range(6):\n"  # 64 processes, each in a session of its own
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "time.sleep(3600)\n"
    )
    report = runner.run(job(tmp_path, burst, 1.0))
    assert report.ending is Ending.WAITED
    (zygote,) = zygotes()
    ready = standing_by(zygote)  # first: it may have to be waited for
    assert zygote.children(recursive=True) == ready
    assert passed(runner.run(job(tmp_path, GOOD)))


def test_a_killed_zygote_is_replaced_by_the_next_run(
    runner: WarmRunner, tmp_path: Path
) -> None:
    assert passed(runner.run(job(tmp_path, GOOD)))
    (killed,) = zygotes()
    killed.kill()
    assert passed(runner.run(job(tmp_path, GOOD)))
    assert zygotes() != [killed]


def test_a_zygote_killed_in_the_middle_of_a_run_costs_time_and_no_more(
    runner: WarmRunner, tmp_path: Path
) -> None:
    once = tmp_path / "killed"
    kills = (
        "import os, pathlib, signal, time\n"
        f"once = pathlib.Path({str(once)!r})\n"
        "if not once.exists():\n"
        "    once.touch()\n"
        "    os.kill(os.getppid(), signal.SIGKILL)\n"
        "    time.sleep(3600)\n"
    )
    assert passed(runner.run(job(tmp_path, kills + GOOD)))
    once.unlink()


def test_a_cell_that_always_kills_the_zygote_is_not_run_for_ever(
    runner: WarmRunner, tmp_path: Path
) -> None:
    kills = "import os, signal, time\nos.kill(os.getppid(), 9)\ntime.sleep(3600)\n"
    assert runner.run(job(tmp_path, kills + GOOD)).ending is Ending.DIED
    assert passed(runner.run(job(tmp_path, GOOD)))


def test_ctrl_c_is_not_for_the_zygote(runner: WarmRunner, tmp_path: Path) -> None:
    assert passed(runner.run(job(tmp_path, GOOD)))
    (zygote,) = zygotes()
    os.kill(zygote.pid, 2)
    assert passed(runner.run(job(tmp_path, GOOD)))
    assert zygotes() == [zygote]


def test_two_runners_do_not_disturb_each_other(
    runner: WarmRunner, tmp_path: Path
) -> None:
    endless = job(tmp_path / "one", "while True:\n    pass", 3.0)
    reports: list[Report] = []
    first = threading.Thread(target=lambda: reports.append(runner.run(endless)))
    first.start()
    with WarmRunner() as second:
        assert passed(second.run(job(tmp_path / "two", GOOD)))
    first.join()
    assert [report.ending for report in reports] == [Ending.TIMED_OUT]


def test_many_runs_leave_no_process_file_or_thread(
    runner: WarmRunner, tmp_path: Path
) -> None:
    good = job(tmp_path, GOOD)
    runner.run(good)
    (zygote,) = zygotes()
    here = psutil.Process()

    def held() -> tuple[int, int, int, int]:
        standing_by(zygote)
        files = here.num_fds(), zygote.num_fds()
        processes = sum(1 + len(own.children(recursive=True)) for own in own_children())
        return *files, zygote.num_threads(), processes

    before = held()
    assert all(passed(runner.run(good)) for _ in range(20))
    # Just after a fork there are pipes that are about to be closed.
    eventually(
        lambda: all(now <= then for now, then in zip(held(), before, strict=True))
    )
    assert before[2:] == (1, 2)


def test_a_closed_runner_leaves_no_process_and_can_run_again(tmp_path: Path) -> None:
    good = job(tmp_path, GOOD)
    before = zygotes()
    runner = WarmRunner()
    assert passed(runner.run(good))
    runner.close()
    runner.close()
    assert zygotes() == before
    assert passed(runner.run(good))
    del runner  # whoever forgets to close it
    assert zygotes() == before


def test_a_killed_client_takes_the_zygote_and_its_children_along(
    tmp_path: Path,
) -> None:
    one = job(tmp_path, "print('running')\nwhile True:\n    pass", 60.0)
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from kata.runner.report import Job\n"
        "from kata.runner.warm import WarmRunner\n"
        "checks, root, module = sys.argv[1:]\n"
        "WarmRunner().run(Job(Path(checks), Path(root), module, 60.0))\n"
    )
    assert left_by_killed(script, one, 2) == []  # of the zygote and its child


def test_commands_that_run_nothing_start_nothing() -> None:
    before = zygotes()
    with best_runner():
        assert zygotes() == before
