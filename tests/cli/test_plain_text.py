"""A kata whose file is no Python, in the terminal: as any other one."""

import os
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.verdict import Verdict
from kata.workspace import workspace
from kata.workspace.workspace import Workspace
from tests.helpers.cli import Answer, kata
from tests.helpers.loop import APP, GREET, save_cell
from tests.helpers.terminal import terminal
from tests.helpers.text_course import (
    DOCKERFILE,
    IMAGE,
    IMAGE_ANSWER,
    IMAGE_OTHER,
    IMAGE_STUB,
    POD,
    POD_ANSWER,
    POD_TEXT,
    text_course,
)

NAME = "Dockerfile"
EDITED = "FROM python:3.13\nUSER waybill\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return text_course(tmp_path_factory.mktemp("texts") / "course")


@pytest.fixture
def place(course: Course, tmp_path: Path) -> Workspace:
    return workspace.create(tmp_path / "my-waybill", course)


def run(place: Workspace, *arguments: str) -> Answer:
    root = (place.root / ".kata" / "course").read_text("utf-8").strip()
    return kata(*arguments, cwd=place.root, KATA_COURSE=root)


def answer(course: Course, place: Workspace, source: str) -> Verdict:
    """Run a kata's cell, as its notebook does."""
    return Loop(course, place, PlainRunner()).run_cell(source)


def test_its_starting_code_is_written_where_nothing_stands_and_nowhere_else(
    course: Course, place: Workspace
) -> None:
    assert answer(course, place, IMAGE_STUB).status == "untouched"
    assert place.read(NAME) == "FROM python\n"
    assert answer(course, place, IMAGE_ANSWER).status == "passed"
    assert answer(course, place, IMAGE_STUB).status == "passed"
    assert place.read(NAME) == DOCKERFILE


def test_a_cell_of_another_form_is_broken_and_the_file_stays(
    course: Course, place: Workspace
) -> None:
    answer(course, place, IMAGE_ANSWER)
    verdict = answer(course, place, f"#| kata: {IMAGE}\nFROM python")
    assert verdict.status == "broken"
    assert verdict.problem
    assert 'write `r"""`' in verdict.problem.next_step
    assert place.read(NAME) == DOCKERFILE


def test_a_variant_is_checked_beside_the_file(course: Course, place: Workspace) -> None:
    answer(course, place, IMAGE_ANSWER)
    assert answer(course, place, IMAGE_OTHER).status == "passed"
    assert place.read(NAME) == DOCKERFILE


def test_what_an_editor_wrote_is_checked_and_kept(
    course: Course, place: Workspace
) -> None:
    answer(course, place, IMAGE_ANSWER)
    place.write(NAME, EDITED)
    shown = run(place, "check", IMAGE)
    assert (shown.status, shown.out.split(":")[0]) == (0, "PASSED")
    place.write(NAME, "FROM python:3.13\n")
    assert (
        answer(course, place, IMAGE_ANSWER)
        .notes[0]
        .startswith("This part of Dockerfile had been changed in an editor.")
    )
    assert place.read(NAME) == DOCKERFILE
    assert run(place, "history", IMAGE, "--restore", "2").status == 0
    assert place.read(NAME) == EDITED


def test_it_is_given_counts_as_given_and_is_reset(place: Workspace) -> None:
    assert run(place, "give", IMAGE).status == 0
    assert place.read(NAME) == DOCKERFILE
    assert "GIVEN" in run(place, "check", IMAGE).out
    assert run(place, "reset", IMAGE).status == 0
    assert place.read(NAME) == "FROM python\n"
    assert "YOUR TASK" in run(place, "check", IMAGE).out


def test_a_file_in_a_folder_makes_no_package_of_it(
    course: Course, place: Workspace
) -> None:
    answer(course, place, POD_ANSWER)
    assert [path.name for path in (place.root / "k8s").iterdir()] == ["pod.yaml"]
    assert place.read("k8s/pod.yaml") == POD_TEXT


def test_diff_shows_lines_as_they_are(course: Course, place: Workspace) -> None:
    answer(course, place, IMAGE_ANSWER.replace("    fastapi", "  fastapi"))
    shown = run(place, "diff", IMAGE)
    assert "-  fastapi\n+    fastapi\n" in shown.out
    assert "Also right: in one go\n\n    FROM python:3.11" in shown.out


def test_an_answer_that_was_saved_and_never_run_is_run(place: Workspace) -> None:
    save_cell(place, "03_shipping", "image-stub", IMAGE_ANSWER)
    shown = run(place, "check", IMAGE)
    assert "PASSED" in shown.out
    assert "Its cell was run as it is saved in 03_shipping.ipynb" in shown.out
    assert place.read(NAME) == DOCKERFILE


def test_update_leaves_the_file_alone(course: Course, place: Workspace) -> None:
    answer(course, place, IMAGE_ANSWER)
    assert run(place, "update").status == 0
    assert place.read(NAME) == DOCKERFILE


@pytest.mark.skipif(os.name == "nt", reason="there are no such terminals")
def test_watch_sees_that_it_was_saved(place: Workspace) -> None:
    root = (place.root / ".kata" / "course").read_text("utf-8").strip()
    with terminal("watch", POD, cwd=place.root, KATA_COURSE=root) as screen:
        shown = screen.sees(f"YOUR TASK: {POD}", "q quit")
        assert "Its starting code is in k8s/pod.yaml now." in " ".join(shown.split())
        place.write("k8s/pod.yaml", POD_TEXT)
        screen.sees(f"PASSED: {POD}", "q quit")


def test_export_ships_an_answer_in_the_place_of_its_template(
    course: Course, place: Workspace
) -> None:
    for cell in (GREET, APP, IMAGE_STUB, POD_ANSWER):
        answer(course, place, cell)
    assert run(place, "export", "../first").status == 0
    first, second = place.root.parent / "first", place.root.parent / "second"
    assert "uvicorn" in (first / NAME).read_text("utf-8")
    assert (first / "k8s" / "pod.yaml").read_text("utf-8") == POD_TEXT
    answer(course, place, IMAGE_ANSWER)
    assert run(place, "export", "../second").status == 0
    assert (second / NAME).read_text("utf-8") == DOCKERFILE
