"""A run over mutants goes on where one stopped, and never believes what has changed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.runner.report import CheckReport, Ending, Job, Report
from kata.verify.bench import Benches
from kata.verify.mutants.memory import FILE, Memory
from kata.verify.mutants.mutation import MutationResult, prove_mutants
from kata.verify.proof import Watcher
from tests.helpers.sample import CHECKS, SAMPLE, WRONG, replace_in


class Green:
    """A runner that finds every answer right, until it is stopped."""

    def __init__(self, most: int = 1000) -> None:
        self.left = most
        self.runs = 0

    def run(self, _: Job) -> Report:
        if self.runs == self.left:
            raise KeyboardInterrupt
        self.runs += 1
        checks = (CheckReport("test_doubles", None),)
        return Report(Ending.FINISHED, imported=True, checks=checks)


class Counting(Watcher):
    """Counts what it hears."""

    def __init__(self) -> None:
        self.expected = self.done = 0

    def expect(self, more: int) -> None:
        self.expected += more

    def advance(self) -> None:
        self.done += 1


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return shutil.copytree(SAMPLE, tmp_path / "course")


def tried(root: Path, runner: Green, watcher: Watcher | None = None) -> MutationResult:
    """Try the mutants of `counting.double`, with what is remembered of them."""
    course = Course(root)
    katas = [course.curriculum.kata("counting.double")]
    runs = prove_mutants(
        Benches(course, [runner]), katas, Memory.of(course), watcher or Watcher()
    )
    [(_, result)] = runs
    return result


def test_a_second_run_tries_nothing_again(root: Path) -> None:
    first, second, watcher = Green(), Green(), Counting()
    result = tried(root, first)
    assert result.total == first.runs > 0
    assert result.killed == 0
    assert tried(root, second, watcher) == result
    assert second.runs == 0
    assert watcher.expected == watcher.done == result.total


def test_a_run_that_was_stopped_is_gone_on_with(root: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        tried(root, Green(most=2))
    rest = Green()
    total = tried(root, rest).total
    assert rest.runs == total - 2


def other_checks(root: Path) -> None:
    replace_in(root / CHECKS, "[0, 1, 21]", "[0, 1]")


def other_fixtures(root: Path) -> None:
    replace_in(root / "checks" / "conftest.py", "import traceback", "import  traceback")


def other_time_limit(root: Path) -> None:
    replace_in(
        root / "curriculum.toml", "core = false, time_limit = 6.0", "core = false"
    )


@pytest.mark.parametrize("change", [other_checks, other_fixtures, other_time_limit])
def test_what_a_verdict_hangs_on_is_tried_again(
    change: Callable[[Path], None], root: Path
) -> None:
    total = tried(root, Green()).total
    change(root)
    again = Green()
    tried(root, again)
    assert again.runs == total


def test_what_no_verdict_hangs_on_is_not(root: Path) -> None:
    tried(root, Green())
    (root / WRONG / "adds_two.py").unlink()
    again = Green()
    tried(root, again)
    assert again.runs == 0


def test_a_line_that_was_cut_off_is_no_memory(root: Path) -> None:
    total = tried(root, Green()).total
    path = root / FILE
    path.write_text(path.read_text("utf-8")[:-9], encoding="utf-8")
    again = Green()
    assert tried(root, again).total == total
    assert again.runs == 1


def test_a_fresh_memory_knows_nothing(root: Path) -> None:
    tried(root, Green())
    course = Course(root)
    kata = course.curriculum.kata("counting.double")
    memory = Memory.of(course, fresh=True)
    assert memory.recall(memory.key(kata), "anything") is None
    assert not (root / FILE).exists()


def test_a_course_that_cannot_be_written_to_is_proven_all_the_same(root: Path) -> None:
    (root / FILE).parent.touch()
    runner = Green()
    assert tried(root, runner).total == runner.runs
