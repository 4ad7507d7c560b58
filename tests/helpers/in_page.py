"""Katas in a page of the sample course: what they need, and how one is learned."""

import shutil

import pytest
from playwright.sync_api import Locator, Page

from kata.page.build import CACHE
from tests.helpers.browser import CHROMIUM

NEEDED = [
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="Chromium is missing: katas were NOT tried in a page "
        "(Debian: apt-get install chromium)",
    ),
    pytest.mark.skipif(
        not shutil.which("npm"),
        reason="npm is missing: katas were NOT tried in a page "
        "(Debian: apt-get install npm)",
    ),
    pytest.mark.skipif(
        not [*(CACHE / "packs").glob("base-*.pack")],
        reason="katas were NOT tried in a page: `kata build --site` compiles what it "
        "needs, in a minute or two",
    ),
]
"""Each says what was not tried."""
LESSON = "lessons/01_greeting.html"
NAME, HELLO = "greeting.name", "greeting.hello"
HEAD = f"#| kata: {NAME}\ndef greet(name: str) -> str:\n    "
WRONG, RIGHT = f"{HEAD}return name", f"{HEAD}return f'Hello, {{name}}!'"
ENDLESS = f"{HEAD}while True: pass\n\n\nwhile True: pass"


class Cell:
    """A kata's place in the page, as a learner sees it."""

    def __init__(self, page: Page, kata: str) -> None:
        self.page = page
        self.open = page.get_by_label(f"Try {kata} in this page")
        self.code = page.get_by_label(f"Your cell for {kata}")
        self.panel = page.locator(".in-page__panel", has=self.code)
        self.output = self.panel.locator(".in-page__output")

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True)

    def check(self, code: str, wanted: str) -> str:
        """Type a cell, press the keys that check it, and wait for the verdict."""
        self.code.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Control+Enter")
        self.badge(wanted).wait_for()
        return self.output.inner_text()

    def badge(self, word: str) -> Locator:
        return self.output.get_by_text(word, exact=True).first
