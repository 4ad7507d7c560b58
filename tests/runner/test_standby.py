"""The child that stands by: ready before it is needed, and never out of date."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kata.runner.report import Ending, Job
from kata.runner.warm import WarmRunner
from tests.helpers.cli import eventually
from tests.helpers.warm import COURSE, GOOD, job, passed, standing_by, zygotes

pytestmark = pytest.mark.skipif(
    not WarmRunner.available(), reason="this system can't fork"
)


@pytest.fixture(scope="module")
def runner() -> Iterator[WarmRunner]:
    with WarmRunner() as warm:
        yield warm


def test_a_child_stands_by_before_the_first_run_and_is_the_one_that_runs(
    tmp_path: Path,
) -> None:
    one = job(tmp_path, "import os\nprint(os.getpid())\n" + GOOD)
    others = zygotes()
    with WarmRunner() as runner:
        runner.start(one.suite)
        for _ in range(2):
            # Until the system has exchanged the program, nobody can tell what it is.
            (zygote,) = eventually(lambda: set(zygotes()) - {*others})
            (child,) = standing_by(zygote)
            assert runner.run(one).printed == f"{child.pid}\n"


def test_a_standby_that_was_killed_is_replaced(
    runner: WarmRunner, tmp_path: Path
) -> None:
    good = job(tmp_path, GOOD)
    assert passed(runner.run(good))
    (zygote,) = zygotes()
    (child,) = standing_by(zygote)
    child.kill()
    assert passed(runner.run(good))


@pytest.mark.parametrize("whose", [".", "02_counting"])
def test_a_standby_never_checks_with_fixtures_of_yesterday(
    tmp_path: Path, whose: str
) -> None:
    suite = tmp_path / "checks"
    shutil.copytree(COURSE.root / "checks", suite)
    good = job(tmp_path / "service", GOOD)
    mine = Job(suite / "02_counting" / good.checks.name, good.root, good.module, 30.0)
    with WarmRunner() as runner:
        assert passed(runner.run(mine))
        (suite / whose / "conftest.py").write_text("raise RuntimeError('new')\n")
        report = runner.run(mine)
    assert report.ending is Ending.FAULTY
