"""One warm process for many clients: as private as one each, gone with its owner."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kata.runner.report import Ending
from kata.runner.shared import shared_warm_process
from kata.runner.warm import ADDRESS, WarmRunner
from tests.helpers.cli import eventually
from tests.helpers.warm import GOOD, at_least, job, left_by_killed, passed, zygotes

pytestmark = pytest.mark.skipif(
    not WarmRunner.available(), reason="this system can't fork"
)


@pytest.fixture
def shared() -> Iterator[psutil.Process]:
    """The warm process that is shared during a test."""
    before = zygotes()
    with shared_warm_process():
        # Linux knows a process before it knows its command line.
        (process,) = eventually(lambda: set(zygotes()) - {*before})
        yield process


def test_all_runners_share_one_process(shared: psutil.Process, tmp_path: Path) -> None:
    before = zygotes()
    with WarmRunner() as one, WarmRunner() as other, shared_warm_process():
        for runner in (one, other, one):
            assert passed(runner.run(job(tmp_path, GOOD)))
        assert zygotes() == before
        assert len(shared.children()) == 2


def test_a_client_that_leaves_takes_all_it_started_along(
    shared: psutil.Process, tmp_path: Path
) -> None:
    with WarmRunner() as runner:
        assert passed(runner.run(job(tmp_path, GOOD)))
        # Its fork, and the child that stands by.
        mine = eventually(lambda: at_least(2, shared))
    assert eventually(lambda: not any(map(_alive, mine)))


def test_a_client_that_kills_its_warm_process_does_not_touch_the_others(
    shared: psutil.Process, tmp_path: Path
) -> None:
    kills = "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(3600)\n"
    with WarmRunner() as one, WarmRunner() as other:
        assert passed(other.run(job(tmp_path, GOOD)))
        (theirs,) = shared.children()
        assert one.run(job(tmp_path, kills + GOOD)).ending is Ending.DIED
        assert passed(other.run(job(tmp_path, GOOD)))
        assert theirs.is_running()


def test_runners_do_without_a_shared_process_that_is_gone(
    shared: psutil.Process, tmp_path: Path
) -> None:
    with WarmRunner() as runner:
        assert passed(runner.run(job(tmp_path, GOOD)))
        shared.kill()
        shared.wait()
        assert passed(runner.run(job(tmp_path, GOOD)))


def test_the_code_under_test_does_not_learn_the_address(
    shared: psutil.Process, tmp_path: Path
) -> None:
    looks = f"import os\nprint({ADDRESS!r} in os.environ)\n"
    with WarmRunner() as runner:
        assert runner.run(job(tmp_path, looks + GOOD)).printed == "False\n"
    assert ADDRESS in os.environ
    assert shared.is_running()


def test_afterwards_there_is_no_process_and_no_address(tmp_path: Path) -> None:
    before = zygotes()
    with shared_warm_process(), WarmRunner() as runner:
        assert passed(runner.run(job(tmp_path, GOOD)))
    assert zygotes() == before
    assert ADDRESS not in os.environ


def test_nothing_is_shared_where_another_back_end_runs_the_checks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KATA_RUNNER", "spawn")
    before = zygotes()
    with shared_warm_process():
        assert zygotes() == before


def test_a_killed_owner_takes_everything_along(tmp_path: Path) -> None:
    one = job(tmp_path, "print('running')\nwhile True:\n    pass", 60.0)
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from kata.runner.report import Job\n"
        "from kata.runner.shared import shared_warm_process\n"
        "from kata.runner.warm import WarmRunner\n"
        "checks, root, module = sys.argv[1:]\n"
        "with shared_warm_process(), WarmRunner() as runner:\n"
        "    runner.run(Job(Path(checks), Path(root), module, 60.0))\n"
    )
    # The shared process, the client's fork of it, and the child that runs.
    assert left_by_killed(script, one, 3) == []


def _alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
