"""`kata`: the map, what is left, and one next step."""

import re
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.progress.progress import Progress
from kata.verdict import Status
from kata.workspace.workspace import Workspace
from tests.helpers.cli import answer, kata, too_wide, workspace
from tests.helpers.loop import APP, GREET, NAME
from tests.helpers.places import ROOT, SAMPLE


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which greeting.name is green; only to be read."""
    place = workspace(tmp_path_factory.mktemp("tried") / "my-waybill")
    answer(place, GREET)
    return place


def test_the_whole_map_lists_every_kata_and_the_first_step(tmp_path: Path) -> None:
    shown = kata("--all", cwd=tmp_path)
    assert shown.status == 0
    for one in Course(SAMPLE).curriculum.katas:
        assert one.id in shown.out
    assert "Next: `kata start`" in shown.out
    assert too_wide(shown.out) == []


def test_the_map_opens_the_lessons_that_are_under_way(tmp_path: Path) -> None:
    fresh = kata(cwd=tmp_path).out
    assert "greeting.hello" in fresh
    assert "counting.double" not in fresh
    assert re.search(r"02_counting .* 1 kata\n", fresh)
    assert "`kata --all`" in fresh
    place = workspace(tmp_path / "ahead")
    double = "#| kata: counting.double\ndef double(number: int) -> int:\n"
    answer(place, f"{double}    return number")
    assert re.search(r"not yet +counting\.double", kata(cwd=place.root).out)
    kata("catch-up", "02", cwd=place.root)
    assert "greeting.hello" not in kata(cwd=place.root).out
    assert "greeting.hello" in kata("--all", cwd=place.root).out


def test_the_map_shows_what_each_kata_came_to(tried: Workspace) -> None:
    shown = kata(cwd=tried.root)
    assert re.search(r"passed +greeting\.name", shown.out)
    assert re.search(r"your task +greeting\.hello", shown.out)
    assert "Next: greeting.hello" in shown.out


def test_the_map_counts_the_minutes_that_are_left(
    tried: Workspace, tmp_path: Path
) -> None:
    shown = kata(cwd=tried.root).out
    assert re.search(r"01_greeting +3 of 5 min left", shown)
    assert re.search(r"02_counting +2 of 2 min left", shown)
    assert "2 of 3 katas left, 5 min; 1 of them core, 3 min." in shown
    assert shown.count("Next: ") == 1
    fresh = kata(cwd=tmp_path).out
    assert re.search(r"01_greeting +5 min +2 katas\n", fresh)
    assert "3 of 3 katas left, 7 min; 2 of them core, 5 min." in fresh


def test_the_map_says_which_lessons_are_done(place: Workspace) -> None:
    for cell in (GREET, APP):
        answer(place, cell)
    assert re.search(r"01_greeting +done", kata(cwd=place.root).out)


def test_the_map_of_the_whole_course_fits_80_columns(tmp_path: Path) -> None:
    course = {"KATA_COURSE": str(ROOT)}
    kata("start", "--no-server", cwd=tmp_path, **course)
    shown = kata(cwd=tmp_path, **course)
    assert too_wide(shown.out) == []
    assert re.search(r"\d+ h \d+ min", shown.out)


def test_the_map_ends_with_what_was_built(place: Workspace) -> None:
    kata("catch-up", "02", cwd=place.root)
    double = "#| kata: counting.double\ndef double(number: int) -> int:\n"
    answer(place, f"{double}    return 2 * number")
    assert "`kata run` serves what you built" in kata(cwd=place.root).out


def test_what_this_machine_cannot_check_is_not_the_next_step(place: Workspace) -> None:
    answer(place, GREET)
    progress = Progress(place.progress_path)
    progress.judge_region(NAME.id, Status.UNAVAILABLE)
    shown = kata(cwd=place.root).out
    assert re.search(r"unavailable here +greeting\.name", shown)
    assert "Next: greeting.hello" in shown
    assert re.search(r"01_greeting +3 of 5 min left", shown)
    progress.judge_region(NAME.id, Status.FAILED)
    assert "Next: greeting.name" in kata(cwd=place.root).out


def test_topics_are_listed_with_their_katas(tmp_path: Path) -> None:
    shown = kata("--topics", cwd=tmp_path, KATA_COURSE=str(ROOT)).out
    assert "\nPagination\n  07  dependencies.page  A page of a list\n" in shown
    contents = Course(ROOT).curriculum
    for topic in contents.topics:
        assert (f"{topic.title}\n" in shown) == bool(topic.katas), topic.title
    assert too_wide(shown) == []
