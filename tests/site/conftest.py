"""Fixtures: the whole course's site, made once, and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.helpers.browser import ARGUMENTS, CHROMIUM
from tests.helpers.once import made_once
from tests.helpers.places import ROOT
from tests.helpers.site import build_site, copy_of, serving


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole course's site, only to be read."""

    def make(folder: Path) -> None:
        course = copy_of(ROOT, folder / "course")
        made = build_site(course)
        assert made.status == 0, made.err

    return made_once(tmp_path_factory, "site", make) / "course" / "build" / "site"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    with serving(site) as address:
        yield address
