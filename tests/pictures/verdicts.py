"""Pictures of the longest verdicts in JupyterLab, to be looked at.

    uv run python -m tests.pictures.verdicts FOLDER

Each is taken on a laptop and as narrow as a phone, on light and on dark, with all that
folds open.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Locator, Page

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.workspace import workspace
from tests.helpers.browser import lab, run_cell, started
from tests.helpers.places import ROOT, TESTS
from tests.helpers.seen import LAPTOP, OPEN_ALL, PHONE

KATA = "jwt.create_token"
WRONG = TESTS / "wrong_answers" / "13_jwt" / "create_token"
TALL = 4500
"""Pixels: a picture of a whole cell needs it in the window."""


def cells() -> dict[str, tuple[str, str]]:
    """Return cells by the name of their picture, and what shows that each has run."""
    course = Course(ROOT)
    ours = course.cells(course.curriculum.kata(KATA)).reference
    wrong = (WRONG / "json_instead_of_a_form.py").read_text(encoding="utf-8")
    answer = "\n".join(one for one in wrong.splitlines() if "refused_by" not in one)
    return {
        "failed": (answer, "NOT YET"),
        "broken": (ours.replace("import sign_in", "import sign_inn"), "BROKEN"),
        "passed": (ours, "Our answer and why"),
        "lesson": ("%lesson 13", "about"),
    }


def take_pictures(folder: Path) -> None:
    """Take a picture of each verdict, in two widths and two themes."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "workspace"
    for theme in ("light", "dark"):
        shutil.rmtree(place, ignore_errors=True)
        _prepare(place)
        with (
            started(place, f"JupyterLab {theme.title()}") as address,
            lab(address, size=(LAPTOP[0], TALL)) as page,
        ):
            run_cell(page, "Run this cell first")
            page.keyboard.press("ControlOrMeta+b")  # the list of files
            for name, (source, shown) in cells().items():
                _run(page, source, shown)
                for width, device in ((LAPTOP[0], "laptop"), (PHONE[0], "phone")):
                    page.set_viewport_size({"width": width, "height": TALL})
                    page.evaluate(OPEN_ALL)
                    page.wait_for_function("window.innerWidth === " + str(width))
                    picture = folder / f"{name}-{device}-{theme}.png"
                    _cell(page).locator(".jp-OutputArea").screenshot(path=picture)
                page.set_viewport_size({"width": LAPTOP[0], "height": TALL})
    shutil.rmtree(place)


def _prepare(place: Path) -> None:
    """Make a workspace that holds the reference of all katas before."""
    course = Course(ROOT)
    katas = course.curriculum.katas
    before = katas[: katas.index(course.curriculum.kata(KATA))]
    Loop(course, workspace.create(place, course), PlainRunner()).fill(before)


def _run(page: Page, source: str, shown: str) -> None:
    """Run a text as the notebook's second cell, and wait for what it shows."""
    _cell(page).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(source)
    page.keyboard.press("ControlOrMeta+Enter")
    _cell(page).locator(".jp-OutputArea").get_by_text(shown).first.wait_for()


def _cell(page: Page) -> Locator:
    return page.locator(".jp-CodeCell").nth(1)


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    take_pictures(Path(sys.argv[1]).resolve())
