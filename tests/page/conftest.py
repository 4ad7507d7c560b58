"""Fixtures: the sample course's site with katas in its pages, and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from kata.page import marks
from tests.helpers.browser import ARGUMENTS, CHROMIUM
from tests.helpers.places import SAMPLE
from tests.helpers.site import build_site, copy_of, serving

CANNOT = "counting.double"
"""A kata that is said not to run in a page."""
PATIENCE = 120_000
"""Milliseconds that Python may take to start on a busy machine."""


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's root with the sample course's site below another path than `/`."""
    course = copy_of(SAMPLE, tmp_path_factory.mktemp("page") / "course")
    # Those that stood there are of the real course's katas.
    (course / marks.DATA).write_text(
        f'[katas."{CANNOT}"]\nruns = false\nsaid = "A page can\'t count."\n', "utf-8"
    )
    # Three times as much is a page's limit; nobody learns more from a longer one.
    curriculum = (course / "curriculum.toml").read_text("utf-8")
    shorter = curriculum.replace("time_limit = 6.0", "time_limit = 3.0", 1)
    assert shorter != curriculum
    (course / "curriculum.toml").write_text(shorter, "utf-8")
    made = build_site(course, page=True)
    assert made.status == 0, made.err
    assert "Katas run in the pages" in made.out, made.out
    root = course / "served"
    root.mkdir()
    (course / "build" / "site").rename(root / "katas")
    return root


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    with serving(root) as server:
        yield f"{server}/katas"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        context.set_default_timeout(PATIENCE)
        yield context
