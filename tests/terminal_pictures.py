"""Pictures of the map and of a red check in a terminal of 80 columns.

    uv run python -m tests.terminal_pictures FOLDER

One each on light, on dark, and without colour, to be looked at.
"""

import os
import pty
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, MONOKAI
from rich.text import Text

from kata.course.find import find_course
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.workspace import workspace
from tests.browser import ARGUMENTS, CHROMIUM
from tests.cli_helpers import KATA, environment

COMMANDS = {"map": (), "red": ("check", "first_endpoint.hello")}
LOOKS = {
    "light": (DEFAULT_TERMINAL_THEME, {}),
    "dark": (MONOKAI, {}),
    "plain": (DEFAULT_TERMINAL_THEME, {"NO_COLOR": "1"}),
}
PAGE = """<pre style="font: 14px/1.25 monospace; margin: 0; padding: 12px;
width: 80ch; color: {foreground}; background: {background}">{code}</pre>"""
WRONG = '@app.get("/hello")\nasync def hello() -> dict[str, str]:\n    return {}\n'


def prepared(folder: Path) -> Path:
    """Make a workspace with a green kata and a red one."""
    course = find_course()
    loop = Loop(course, workspace.create(folder / "my-waybill", course), PlainRunner())
    loop.run_cell(course.cells(course.curriculum.kata("first_endpoint.app")).reference)
    loop.run_cell(f"#| kata: first_endpoint.hello\n{WRONG}")
    return loop.workspace.root


def said(arguments: tuple[str, ...], folder: Path, **more: str) -> str:
    """Return what a command writes to a terminal."""
    ours, theirs = pty.openpty()
    settings = {"TERM": "xterm-256color", "KATA_COURSE": "", **more}
    with subprocess.Popen(
        [str(KATA), *arguments],
        cwd=folder,
        env=environment(folder, settings),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        text = b""
        while chunk := _read(ours):
            text += chunk
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when nobody writes any more
        return b""


def take_pictures(folder: Path) -> None:
    """Take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        root = prepared(Path(home).resolve())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        for look, (theme, more) in LOOKS.items():
            for name, arguments in COMMANDS.items():
                console = Console(record=True, width=80, file=StringIO())
                console.print(Text.from_ansi(said(arguments, root, **more)))
                html = console.export_html(
                    theme=theme, inline_styles=True, code_format=PAGE
                )
                page.set_content(html)
                page.locator("pre").screenshot(path=folder / f"{name}-{look}.png")
        browser.close()


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]).resolve())
