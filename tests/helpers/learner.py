"""A learner in a lesson's page: opens cells, types, checks, takes the work along.

The same in every browser: a `Driver` goes to an address, calls JavaScript, and presses
keys. Nothing is put where a reader could not put it, and only what is shown is read.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.helpers.browser import ARGUMENTS, CHROMIUM

PATIENCE = 150_000
"""Milliseconds that a step may take."""
PHONE: ViewportSize = {"width": 390, "height": 844}
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


class Driver(Protocol):
    """One tab of a browser."""

    def goto(self, address: str) -> None:
        """Open an address, and wait until it is loaded."""

    def reload(self) -> None:
        """Load the page again."""

    def ask(self, function: str, argument: object = None) -> Any:  # noqa: ANN401
        """Call a function of JavaScript with plain data; return what it resolves to."""

    def press(self, *keys: str) -> None:
        """Press keys together."""

    def insert(self, text: str) -> None:
        """Put a text where the cursor is, all at once."""

    def download(self, function: str, argument: object = None) -> Path:
        """Do what ends in a download; return the file."""


class Chromium:
    """A tab of Chromium, driven by Playwright."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def goto(self, address: str) -> None:
        self.page.goto(address)

    def reload(self) -> None:
        self.page.reload()

    def ask(self, function: str, argument: object = None) -> Any:  # noqa: ANN401
        return self.page.evaluate(function, argument)

    def press(self, *keys: str) -> None:
        self.page.keyboard.press("+".join(keys))

    def insert(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def download(self, function: str, argument: object = None) -> Path:
        with self.page.expect_download() as download:
            self.ask(function, argument)
        return Path(download.value.path())


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Start Chromium with one tab, as large as a phone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport=PHONE)
        page.set_default_timeout(PATIENCE)
        yield Chromium(page)
        browser.close()


class Learner:
    """Works in the pages of lessons, in one tab."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    def open(self, kata: str) -> str:
        """Press the button below a kata's cell; return the words on it."""
        return str(self._ask("open", kata))

    def code_in_view(self, kata: str) -> str:
        """Return the first lines of a kata's editor: it draws no more than are seen."""
        return str(self._ask("code", kata))

    def check(self, kata: str, wanted: str, source: str = "") -> str:
        """Check what stands in the editor, or this; return what is shown.

        `wanted` is the word of the verdict that is waited for.
        """
        self._ask("focus", kata)
        if source:
            self.driver.press("Control", "a")
            self.driver.insert(source)
        self.driver.press("Control", "Enter")
        return str(self._ask("verdict", [kata, wanted]))

    def run(self, source: str) -> str:
        """Run an example or a demo; return what it printed."""
        return str(self._ask("run", source))

    def take_along(self, kata: str, into: Path) -> Path:
        """Take the work along, and unpack it; return the workspace."""
        zipped = self.driver.download(_call("takeAlong"), kata)
        shutil.unpack_archive(zipped, into, "zip")
        return into / "my-waybill"

    def wait_until_kept(self) -> None:
        """Wait until the page and what its katas need is there without a connection."""
        self._ask("kept")

    def _ask(self, wish: str, argument: object = None) -> Any:  # noqa: ANN401
        return self.driver.ask(_call(wish), argument)


def _call(wish: str) -> str:
    return f"(said) => {{ {SCRIPT}\nreturn learner.{wish}(said); }}"
