"""A real JupyterLab in a real browser, started as a learner starts it.

Run as a script, it takes the pictures of the README:

    uv run python tests/helpers/browser.py site/images
"""

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


HELLO_KATA = "#| kata: first_endpoint.hello"
APP = """#| kata: first_endpoint.app
from fastapi import FastAPI

app = FastAPI(title="Waybill", version="1.0.0")"""
HELLO = f"""{HELLO_KATA}
@app.get("PATH")
async def hello() -> dict[str, str]:
    return {{"message": "Hello from Waybill"}}"""
SHOWN = {"red": "GET /hello should answer 200", "green": "all 5 rules hold"}


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


def take_pictures(folder: Path) -> None:
    """Take the pictures of a red and a green verdict, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = folder / "workspace"
    for theme in ("light", "dark"):
        shutil.rmtree(workspace, ignore_errors=True)
        with (
            started(workspace, f"JupyterLab {theme.title()}") as address,
            lab(address, size=(1280, 900)) as page,
        ):
            run_cell(page, "Run this cell first")
            page.screenshot(path=folder / f"start-{theme}.png")
            run_cell(page, "#| kata: first_endpoint.app")
            _picture(page, "#| kata: first_endpoint.app", folder / f"task-{theme}.png")
            retype_cell(page, "#| kata: first_endpoint.app", APP)
            run_cell(page, 'title="Waybill"')
            page.get_by_text("all 4 rules hold").wait_for()
            for name, path in (("red", "/helo"), ("green", "/hello")):
                retype_cell(page, HELLO_KATA, HELLO.replace("PATH", path))
                run_cell(page, f'@app.get("{path}")')
                page.get_by_text(SHOWN[name]).first.wait_for()
                _picture(page, HELLO_KATA, folder / f"{name}-{theme}.png")
    shutil.rmtree(workspace)


def _picture(page: Page, text: str, path: Path) -> None:
    page.locator(".jp-CodeCell", has_text=text).first.screenshot(path=path)


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    take_pictures(Path(sys.argv[1]).resolve())
