"""Kill -9 at any moment: nothing that was run is lost, and nothing is half written."""

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.runner.choice import best_runner
from kata.verdict import Status
from kata.workspace import workspace
from tests.helpers.loop import GREET, NAME
from tests.helpers.places import SAMPLE
from tests.helpers.shared import SHARED

KILLS = 100
pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no fork there")


def test_a_learner_killed_at_a_hundred_moments_loses_nothing(tmp_path: Path) -> None:
    script = [sys.executable, "-m", "tests.helpers.killed_learner"]
    done = subprocess.run(
        [*script, str(tmp_path / "my-waybill"), str(KILLS)],
        capture_output=True,
        text=True,
        check=True,
    )
    attempts, *problems = done.stdout.split("\n")
    assert int(attempts.split()[0]) > 0
    assert not any(problems), problems


def test_workers_killed_at_random_cost_no_verdict(tmp_path: Path) -> None:
    course = Course(SAMPLE)
    place = workspace.create(tmp_path / "my-waybill", course)
    chance = random.Random(1)  # noqa: S311 - any moment will do
    over = threading.Event()

    def kill_workers() -> None:
        while not over.wait(chance.uniform(0, 0.4)):
            for child in psutil.Process().children(recursive=True):
                if child.pid != SHARED.pid and chance.random() < 0.5:
                    child.kill()

    killer = threading.Thread(target=kill_workers)
    with best_runner() as runner:
        loop = Loop(course, place, runner)
        killer.start()
        try:
            verdicts = [loop.run_cell(GREET) for _ in range(10)]
        finally:
            over.set()
            killer.join()
        # A run whose worker was killed twice says so; it never passes by mistake.
        assert {one.status for one in verdicts} <= {Status.PASSED, Status.BROKEN}
        assert loop.run_cell(GREET).status is Status.PASSED
    assert len(loop.progress.history(NAME.id)) == len(verdicts) + 1


def test_what_a_killed_writer_left_behind_is_removed_by_the_next(
    tmp_path: Path,
) -> None:
    old, new, other = (
        tmp_path / name for name in (".a.py.old.tmp", ".a.py.new.tmp", ".b.py.old.tmp")
    )
    for stray in (old, new, other):
        stray.touch()
    for stray in (old, other):
        os.utime(stray, (0, 0))
    workspace.write_atomically(tmp_path / "a.py", "x = 1\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".a.py.new.tmp",
        ".b.py.old.tmp",
        "a.py",
    ]
