"""Pages of other websites, and the exported service, in a real browser."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import sync_playwright

from tests.helpers.browser import ARGUMENTS, CHROMIUM
from tests.helpers.cli import eventually
from tests.helpers.exported import COURSE, clean, exported, workspace_of
from tests.helpers.ports import free_port
from tests.helpers.waybill import answers

ASK = """
async ([url, options]) => {
  try {
    const answer = await fetch(url, options)
    return [answer.status, answer.headers.get("X-Request-ID")]
  } catch (error) {
    return error.name
  }
}
"""
SENT = {"Authorization": "Bearer x", "If-Match": '"1"', "X-Request-ID": "page-7"}
LARGE = {"method": "POST", "headers": SENT, "body": "x" * 70_000}


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and writes no log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def website(folder: Path) -> Iterator[str]:
    """Serve a folder as a website of its own; gives its origin."""
    with HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@contextmanager
def waybill(project: Path, folder: Path, origin: str) -> Iterator[str]:
    """Serve an exported Waybill that pages of one origin may use."""
    port = str(free_port())
    env = clean(
        WAYBILL_ENVIRONMENT="development",
        WAYBILL_ALLOWED_ORIGINS=f'["{origin}"]',
        PYTHONPATH=str(project),
    )
    command = [sys.executable, "-m", "uvicorn", "waybill.main:app", "--port", port]
    with subprocess.Popen(command, cwd=folder, env=env) as process:
        try:
            eventually(lambda: answers(f"http://127.0.0.1:{port}"))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")
def test_a_page_reads_every_answer_if_its_origin_is_allowed(tmp_path: Path) -> None:
    place = workspace_of(tmp_path / "my-waybill", COURSE.curriculum.katas)
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text("A shop", "utf-8")
    asked = (
        ("/v1/rates/DE", {}, 200),
        ("/v1/parcels", {"headers": SENT}, 401),
        ("/v1/parcels/7", {"method": "PATCH", "headers": SENT, "body": "{}"}, 401),
        ("/v1/rates/price", LARGE, 413),
    )
    with (
        website(tmp_path / "www") as shop,
        website(tmp_path / "www") as other,
        waybill(exported(place), tmp_path, shop) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for origin in (shop, other):
            page = browser.new_page()
            page.goto(origin)
            for path, options, status in asked:
                found = page.evaluate(ASK, [url + path, options])
                if origin == other:
                    assert found == "TypeError", path
                else:
                    assert found[0] == status, path
                    assert found[1] == "page-7" or not options, path
        page = browser.new_page()
        page.goto(shop)
        with_cookies = {"credentials": "include"}
        found = page.evaluate(ASK, [f"{url}/v1/rates/DE", with_cookies])
        assert found == "TypeError"
        browser.close()
