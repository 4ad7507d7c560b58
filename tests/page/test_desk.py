"""What a page's desk answers, without a browser: verdicts, help, what is given."""

import base64
import io
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.errors import KataError
from kata.page.inside import cells, words
from kata.page.inside.course import SLOWER, PageCourse
from kata.page.inside.desk import Answer, Desk
from kata.verdict import Problem, Status, Verdict
from tests.helpers.cli import kata
from tests.helpers.places import SAMPLE

NAME, HELLO, DOUBLE = "greeting.name", "greeting.hello", "counting.double"
COURSE = Course(SAMPLE)
DOCTOR = "`kata doctor` looks for the reason."


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    """Leave this process as it was: a desk imports the service, as a notebook does."""
    path, modules = [*sys.path], {*sys.modules}
    yield
    sys.path[:] = path
    for name in {*sys.modules} - modules:
        if name.partition(".")[0] == "waybill":
            del sys.modules[name]


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def desk(tmp_path: Path, heard: list[str]) -> Desk:
    return Desk(SAMPLE, tmp_path / "my-waybill", heard.append)


def stub(kata: str) -> str:
    return COURSE.cells(COURSE.curriculum.kata(kata)).stub


def reference(kata: str) -> str:
    return COURSE.cells(COURSE.curriculum.kata(kata)).reference


def test_starting_code_is_the_task_and_a_right_answer_uncovers_ours(desk: Desk) -> None:
    task = desk.check(stub(NAME))
    assert task["verdict"] == "untouched"
    assert "Our answer and why" not in task["html"]
    green = desk.check(reference(NAME))
    assert green["verdict"] == "passed"
    assert "Our answer and why" in green["html"]
    assert "on this page" in green["html"]


def test_a_wrong_answer_names_the_rule_that_refused_it(desk: Desk) -> None:
    red = desk.check(f"#| kata: {NAME}\ndef greet(name: str) -> str:\n    return name")
    assert red["verdict"] == "failed"
    assert red["refused_by"]


def test_what_a_kata_builds_on_is_given_said_and_counts_for_nothing(desk: Desk) -> None:
    shown = desk.check(stub(DOUBLE))
    assert NAME in shown["html"]
    assert "Our answers stand in their place" in shown["html"]
    assert shown["statuses"] == {NAME: "given", HELLO: "given"}
    assert "Our answers stand" not in desk.check(stub(DOUBLE))["html"]


def test_who_comes_to_a_kata_that_was_given_finds_their_own_task(desk: Desk) -> None:
    desk.check(stub(HELLO))
    assert desk.state(NAME)["source"] == ""
    assert desk.check(stub(NAME))["verdict"] == "untouched"
    assert desk.check(reference(NAME))["statuses"][NAME] == "passed"


def test_an_answer_is_there_when_its_reader_comes_back(desk: Desk) -> None:
    mine = f"#| kata: {NAME}\ndef greet(name):\n    return 'Hello, ' + name + '!'"
    desk.check(mine)
    again = Desk(SAMPLE, desk.loop.workspace.root, lambda _: None)
    assert again.state(NAME) | {"html": ""} == {
        "html": "",
        "source": mine,
        "status": "passed",
        "hints": 3,
        "limit": SLOWER * COURSE.curriculum.kata(NAME).time_limit,
    }


def test_a_run_that_the_page_ended_is_judged_and_not_run_again(
    desk: Desk, heard: list[str], tmp_path: Path
) -> None:
    trap = tmp_path / "ran"
    endless = f"#| kata: {NAME}\nopen({str(trap)!r}, 'w')\nwhile True: pass"
    shown = desk.timed_out(endless, ['{"kind": "begin"}'])
    assert shown["verdict"] == "broken"
    assert f"stopped after {SLOWER * 6} seconds" in shown["html"]
    assert not trap.exists()
    assert desk.state(NAME)["source"] == endless
    assert desk.check(reference(NAME))["verdict"] == "passed"
    assert any('"kind": "end"' in line for line in heard)


def test_a_check_that_was_running_when_the_page_ended_it_is_named(
    desk: Desk, heard: list[str]
) -> None:
    desk.check(reference(NAME))
    start = next(n for n, line in enumerate(heard) if '"kind": "start"' in line)
    shown = desk.timed_out(reference(NAME) + "\n# again", heard[: start + 1])
    first_rule = COURSE.rules(COURSE.curriculum.kata(NAME))[0]
    assert shown["verdict"] == "broken"
    assert first_rule.text.split("`")[0].strip() in shown["html"]


def test_a_run_that_its_reader_stopped_is_in_the_history(desk: Desk) -> None:
    cell = f"#| kata: {NAME}\nwhile True: pass"
    assert "You stopped this run" in desk.stopped(cell)["html"]
    assert desk.loop.progress.history(NAME)[-1].source == cell


def test_hints_come_one_at_a_time_and_the_last_one_stays(desk: Desk) -> None:
    numbers = [desk.hint(NAME)["number"] for _ in range(4)]
    assert numbers == [1, 2, 3, 3]


def test_a_reset_brings_the_starting_code_back_and_keeps_the_answer(desk: Desk) -> None:
    desk.check(reference(NAME))
    assert desk.reset(NAME)["source"] == stub(NAME)
    assert desk.state(NAME)["status"] == "untouched"
    kept = [one.source for one in desk.loop.progress.history(NAME)]
    assert reference(NAME) in kept


def shown(desk: Desk, source: str, lesson: str = "01_greeting") -> str:
    answer: Answer = desk.show(lesson, source)
    return str(answer["html"])


def test_a_demo_waits_for_its_kata_and_then_has_its_names(desk: Desk) -> None:
    demo = f"#| needs: {NAME}\ngreet('Grace')"
    assert f"This cell waits for {NAME}" in shown(desk, demo)
    desk.check(reference(NAME))
    assert "Hello, Grace!" in shown(desk, demo)


def test_a_demo_may_await_and_see_earlier_lessons_given(desk: Desk) -> None:
    desk.check(reference(DOUBLE))
    cell = f"#| needs: {DOUBLE}\nimport asyncio\nawait asyncio.sleep(0, double(21))"
    assert "42" in shown(desk, cell, "02_counting")


def test_a_task_may_be_awaited_on_the_last_line(desk: Desk) -> None:
    lines = ("import asyncio", "task = asyncio.create_task(asyncio.sleep(0, 42))")
    assert "42" in shown(
        desk, "\n".join([*lines, "await asyncio.sleep(0)", "await task"])
    )


def test_cells_of_a_lesson_share_their_names_and_those_of_another_do_not(
    desk: Desk,
) -> None:
    shown(desk, "seats = 12")
    assert "12" in shown(desk, "seats")
    assert "NameError" in shown(desk, "seats", "02_counting")


def test_an_exception_shows_the_lines_of_the_cell_and_no_others(desk: Desk) -> None:
    told = shown(desk, "def fails():\n    raise ValueError('no')\nfails()")
    assert "ValueError: no" in told
    assert "raise ValueError" in told
    assert "cells.py" not in told


@pytest.mark.parametrize("cell", ["def (", "raise SystemExit", "1 / 0"])
def test_whatever_a_cell_does_is_shown_and_the_folder_stays(
    desk: Desk, cell: str
) -> None:
    before = Path.cwd()
    assert "Error" in shown(desk, cell) or "SystemExit" in shown(desk, cell)
    assert Path.cwd() == before


def test_a_flood_is_stopped_and_cut(desk: Desk) -> None:
    told = shown(desk, "while True: print('x' * 1000)")
    assert "a million characters" in told
    assert len(told) < 2 * cells.MOST


def test_the_page_gives_a_slower_python_more_time() -> None:
    page, course = PageCourse(SAMPLE).curriculum, COURSE.curriculum
    limits = [kata.time_limit for kata in page.katas]
    assert limits == [SLOWER * kata.time_limit for kata in course.katas]
    assert [k.id for k in page.katas] == [k.id for k in course.katas]


def test_what_is_taken_along_is_a_workspace_that_kata_start_opens(
    desk: Desk, tmp_path: Path
) -> None:
    desk.check(reference(NAME))
    taken = io.BytesIO(base64.b64decode(desk.take_along()["zip"]))
    with zipfile.ZipFile(taken) as archive:
        archive.extractall(tmp_path / "home")
    place = tmp_path / "home" / "my-waybill"
    course = {"KATA_COURSE": str(SAMPLE)}
    started = kata("start", str(place), "--no-server", cwd=tmp_path, **course)
    assert started.status == 0, started.err
    assert (place / "01_greeting.ipynb").exists()
    shown = kata("check", NAME, cwd=place, **course)
    assert "PASSED" in shown.out, shown.out + shown.err


def test_what_is_brought_back_takes_the_place_of_what_is_there(
    desk: Desk, tmp_path: Path
) -> None:
    desk.check(reference(NAME))
    other = Desk(SAMPLE, tmp_path / "other", lambda _: None)
    other.check(reference(DOUBLE))
    assert other.bring_back(desk.take_along()["zip"])["statuses"] == {NAME: "passed"}
    assert other.state(NAME)["source"] == reference(NAME)
    assert not (tmp_path / "other" / "waybill" / "numbers.py").exists()
    assert other.forget()["statuses"] == {} == other.statuses()


def zipped(**files: str) -> str:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return base64.b64encode(made.getvalue()).decode()


@pytest.mark.parametrize(
    "brought",
    [
        "",
        "no base64!",
        base64.b64encode(b"PK no zip").decode(),
        zipped(),
        zipped(**{"notes.txt": "hello"}),
        zipped(**{"../../waybill/hello.py": "x = 1"}),
    ],
)
def test_a_file_that_is_no_workspace_changes_nothing(desk: Desk, brought: str) -> None:
    desk.check(reference(NAME))
    with pytest.raises(KataError, match="no workspace"):
        desk.bring_back(brought)
    assert desk.statuses() == {NAME: "passed"}


def test_no_file_of_a_zip_lands_outside_of_the_workspace(
    desk: Desk, tmp_path: Path
) -> None:
    desk.check(reference(NAME))
    with zipfile.ZipFile(
        io.BytesIO(base64.b64decode(desk.take_along()["zip"]))
    ) as archive:
        files = {one: archive.read(one).decode("latin-1") for one in archive.namelist()}
    progress = files["my-waybill/.kata/progress.db"].encode("latin-1")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("my-waybill/.kata/progress.db", progress)
        archive.writestr("my-waybill/../../evil.py", "x = 1")
        archive.writestr("my-waybill//evil.py", "x = 1")
    desk.bring_back(base64.b64encode(made.getvalue()).decode())
    assert not [*tmp_path.parent.rglob("evil.py")]


def test_what_a_verdict_says_is_true_in_a_page(desk: Desk) -> None:
    desk.check(reference(NAME))
    red = desk.check(f"#| kata: {NAME}\ndef greet(name: str) -> str:\n    return name")
    assert "other cells of this page go on with the code" in red["html"]
    alone = reference(HELLO).replace("greet(name)", "f'Hello, {name}!'")
    waits = desk.check(alone)
    assert "notebook" not in red["html"] + waits["html"]
    assert "%reset_kata" not in waits["html"]
    assert "back with the button Reset of <code" in waits["html"]


def test_a_command_that_a_page_lacks_is_said_to_be_for_the_workspace() -> None:
    verdict = Verdict(NAME, "", Status.PASSED, "hello.py", notes=("See `kata diff`.",))
    assert words.in_a_page(verdict).notes == ("See `kata diff`.", words.ELSEWHERE)
    happened, next_step = words.of_error(KataError("It is green.", "`kata diff`."))
    assert (happened, next_step) == ("It is green.", f"`kata diff`. {words.ELSEWHERE}")
    fault = replace(verdict, notes=(), problem=Problem("No.", next_step=DOCTOR))
    shown = words.in_a_page(fault)
    assert shown.problem
    assert shown.problem.next_step == "Reload the page; your answers stay."
