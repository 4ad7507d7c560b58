"""Fixtures: the sample course, a workspace on it, a loop without a process; runners.

`loop` uses `runner`, which runs nothing; `real_runner` and `each_runner` run checks.
"""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir

import pytest
from hypothesis import settings

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.runner.choice import SETTING, best_runner
from kata.runner.report import BackEnd, Runner
from kata.runner.warm import WarmRunner
from kata.verify.warn import SELDOM
from kata.workspace import workspace
from kata.workspace.workspace import Workspace
from tests.helpers.places import SAMPLE
from tests.helpers.rehearsal import Rehearsal
from tests.helpers.shared import SHARED

# Programs that tests start heed Ctrl+C, even where this one runs in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
# Hundreds of processes are started here. What they import is compiled once, even where
# the machine is set to compile it again in each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Whoever uses Hypothesis here, a notebook too, keeps notes in no folder of the course.
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(Path(gettempdir()) / "hypothesis")
# The same examples on every machine, however slow it is.
settings.register_profile(
    "kata", max_examples=30, deadline=None, derandomize=True, database=None
)
settings.load_profile("kata")

STARTED_FIRST = (
    "tests/verify/test_proof.py",
    "tests/whole",
    "tests/site/test_browser.py",
    "tests/page",
    "solutions",
    "tests/runner",
    "tests/machines",
    "tests/notebook",
    "tests/export",
)
"""What takes longest, so that no core waits at the end for what another has begun."""


# Whole apps are made and thrown away here, too, and each is a cycle that only a
# collection frees. A part of the suite took 6 % less when it looked for them seldom.
gc.set_threshold(*SELDOM)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run the whole suite on every core, and a part of it in this process.

    There is one worker more than there are cores, since some tests wait.
    """
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return (os.cpu_count() or 1) + 1 if whole else 0


def pytest_unconfigure() -> None:
    """End what all tests of this process have shared."""
    SHARED.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes longest, in the order it is named above."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    for place, start in enumerate(STARTED_FIRST):
        if item.nodeid.startswith(start):
            return place
    return len(STARTED_FIRST)


@pytest.fixture
def course() -> Course:
    return Course(SAMPLE)


@pytest.fixture
def place(course: Course, tmp_path: Path) -> Workspace:
    return workspace.create(tmp_path / "my-waybill", course)


@pytest.fixture
def runner() -> Rehearsal:
    return Rehearsal()


@pytest.fixture(scope="module")
def real_runner() -> Iterator[Runner]:
    """The back end that runs checks here."""
    with best_runner() as best:
        yield best


@pytest.fixture(scope="module", params=["plain", "spawn", "warm"])
def each_process(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """Every back end that gives a run a process of its own, in turn."""
    with _forced(request.param) as runner:
        yield runner


@pytest.fixture(scope="module", params=["plain", "spawn", "warm", "inprocess"])
def each_runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """Every back end in turn."""
    with _forced(request.param) as runner:
        yield runner


def _forced(name: str) -> BackEnd:
    if name == "warm" and not WarmRunner.available():
        pytest.skip("this system can't fork")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTING, name)
        return best_runner()


@pytest.fixture
def loop(course: Course, place: Workspace, runner: Rehearsal) -> Loop:
    return Loop(course, place, runner)
