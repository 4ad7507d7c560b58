"""The pictures of the README: a red and a green verdict in JupyterLab.

    uv run python -m tests.pictures.jupyterlab site/images

One each on light and on dark.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.helpers.browser import lab, retype_cell, run_cell, started

HELLO_KATA = "#| kata: first_endpoint.hello"
APP = """#| kata: first_endpoint.app
from fastapi import FastAPI

app = FastAPI(title="Waybill", version="1.0.0")"""
HELLO = f"""{HELLO_KATA}
@app.get("PATH")
async def hello() -> dict[str, str]:
    return {{"message": "Hello from Waybill"}}"""
SHOWN = {"red": "GET /hello should answer 200", "green": "all 5 rules hold"}


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
