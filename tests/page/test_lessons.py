"""Whole lessons, learned in their pages in real browsers, and taken along to Jupyter.

They take minutes, so `uv run pytest` leaves them out. CONTRIBUTING tells how to run
them.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.page import marks
from kata.verify.answers import wrong_answers
from tests.helpers import firefox, learner
from tests.helpers.cli import kata
from tests.helpers.in_page import NEEDED
from tests.helpers.learner import Driver, Learner
from tests.helpers.places import ROOT
from tests.helpers.site import build_site, copy_of, serving

pytestmark = [pytest.mark.long, *NEEDED]
COURSE = Course(ROOT)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole course's site, with katas in its pages."""
    course = copy_of(ROOT, tmp_path_factory.mktemp("site") / "course")
    made = build_site(course, page=True)
    assert "Katas run in the pages" in made.out, made.out + made.err
    return course / "build" / "site"


@contextmanager
def browser(name: str, home: Path) -> Iterator[Driver]:
    if name == "chromium":
        with learner.chromium() as driver:
            yield driver
        return
    if firefox.FIREFOX is None:
        pytest.skip(
            "Firefox is missing: lesson 01 was NOT learned in it "
            "(Debian: apt-get install firefox-esr)"
        )
    with firefox.opened(home) as driver:
        yield driver


@pytest.mark.parametrize(
    ("name", "number"),
    [("chromium", "01"), ("chromium", "06"), ("chromium", "13"), ("firefox", "01")],
)
def test_a_lesson_is_learned_in_its_page_and_goes_on_in_jupyter(
    site: Path, tmp_path: Path, name: str, number: str
) -> None:
    lesson = COURSE.curriculum.lesson(number)
    katas = [one for one in lesson.katas if not _stays_out(one)]
    first, *_, last = katas
    with browser(name, tmp_path) as driver:
        me = Learner(driver)
        with serving(site) as address:
            driver.goto(f"{address}/lessons/{lesson.slug}.html")
            for one in katas:
                _learn(me, one)
            _run_what_runs_by_itself(me, number)
            driver.reload()
            assert me.open(last.id) == "Open your answer (passed)"
            assert COURSE.cells(last).reference.startswith(me.code_in_view(last.id))
            me.check(last.id, "passed")
            me.wait_until_kept()
        # Nobody serves the site any more.
        driver.reload()
        assert me.open(first.id) == "Open your answer (passed)"
        me.check(first.id, "not yet", _wrong(first))
        me.check(first.id, "passed", COURSE.cells(first).reference)
        workspace = me.take_along(first.id, tmp_path)
    course = {"KATA_COURSE": str(ROOT)}
    started = kata("start", str(workspace), "--no-server", cwd=tmp_path, **course)
    assert started.status == 0, started.err
    shown = kata("check", number, "--json", cwd=workspace, **course)
    found = {one["id"]: one for one in json.loads(shown.out)["katas"]}
    for one in katas:
        assert found[one.id]["status"] == "passed", found[one.id]
        assert found[one.id]["solved"], found[one.id]


def _stays_out(one: Kata) -> bool:
    mark = marks.load(COURSE).get(one.id)
    return mark is not None and not mark.runs


def _wrong(one: Kata) -> str:
    return wrong_answers(COURSE, one)[0].read_text(encoding="utf-8")


def _learn(me: Learner, one: Kata) -> None:
    """Press Check at once, be wrong, be right."""
    assert me.open(one.id) == "Try it in this page"
    me.check(one.id, "your task")
    me.check(one.id, "not yet", _wrong(one))
    green = me.check(one.id, "passed", COURSE.cells(one).reference)
    assert "Our answer and why" in green


def _run_what_runs_by_itself(me: Learner, number: str) -> None:
    """Run each example, and each demo, whose katas are green now."""
    master = COURSE.master(COURSE.curriculum.lesson(number))
    for cell in master.cells:
        if cell.is_code and cell.source.startswith(("#| example:", "#| needs:")):
            shown = me.run(cell.source)
            assert "Traceback" not in shown, shown
            assert "This cell waits" not in shown, shown
