"""A real JupyterLab in a real browser, started as a learner starts it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 60_000
"""Milliseconds that a step in the browser may take."""


@contextmanager
def started(workspace: Path, theme: str = "JupyterLab Light") -> Iterator[str]:
    """Run `kata start --no-browser` and give the address it prints."""
    command = [sys.executable, "-m", "kata", "start", str(workspace), "--no-browser"]
    with tempfile.TemporaryDirectory() as settings:
        themes = Path(settings, "@jupyterlab/apputils-extension")
        themes.mkdir(parents=True)
        (themes / "themes.jupyterlab-settings").write_text(f'{{"theme": "{theme}"}}')
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={
                **os.environ,
                "JUPYTERLAB_SETTINGS_DIR": settings,
                "JUPYTERLAB_WORKSPACES_DIR": settings,
            },
        )
        with _ended(process):
            yield _address(process)


@contextmanager
def _ended(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://\S+token=\S+", line):
            return found[0]
    raise AssertionError("kata start printed no address")


@contextmanager
def lab(address: str, *, size: tuple[int, int]) -> Iterator[Page]:
    """Open JupyterLab at an address and wait for its notebook."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        width, height = size
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE)
        _goto(page, address)
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
        yield page
        browser.close()


def _goto(page: Page, address: str) -> None:
    """Open an address as soon as its server listens."""
    for _ in range(PATIENCE // 100):
        try:
            page.goto(address)
        except Error as error:
            if "ERR_CONNECTION_REFUSED" not in error.message:
                raise
            page.wait_for_timeout(100)
        else:
            return


def run_cell(page: Page, text: str) -> None:
    """Click into the code cell that holds a text, press Shift+Enter, and wait."""
    cell = page.locator(".jp-CodeCell", has_text=text).first
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    cell.locator(".jp-OutputArea-output").first.wait_for()


def retype_cell(page: Page, text: str, code: str) -> None:
    """Replace the text of a code cell by typing, as a learner would."""
    cell = page.locator(".jp-CodeCell", has_text=text).first
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(code)
