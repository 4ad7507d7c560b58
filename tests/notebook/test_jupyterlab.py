"""The loop in a real JupyterLab: the first kata, from red to green, by keyboard."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as NoAnswer

from tests.helpers.browser import CHROMIUM, lab, retype_cell, run_cell, started

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="Chromium is missing: the loop was NOT tried in a browser "
    "(Debian: apt-get install chromium)",
)
START = "Run this cell first"
KERNELS = 3
"""Jupyter chooses a kernel's ports before the kernel binds them; now and then another
program is faster, and that kernel never answers."""
KERNEL_PATIENCE = 60_000
"""Milliseconds."""
KATA = "#| kata: first_endpoint.app"
GREEN = (
    KATA
    + '\nfrom fastapi import FastAPI\n\napp = FastAPI(title="Waybill", version="1.0.0")'
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    for _ in range(KERNELS):
        workspace = tmp_path_factory.mktemp("browser") / "my-waybill"
        with started(workspace) as address, lab(address, size=(1200, 900)) as page:
            page.set_default_timeout(KERNEL_PATIENCE)
            with suppress(NoAnswer):
                run_cell(page, START)
                yield page
                return
    pytest.fail(f"{KERNELS} kernels in a row did not answer.")


def shown_below(page: Page, text: str) -> str:
    cell = page.locator(".jp-CodeCell", has_text=text).first
    return " ".join(cell.locator(".jp-OutputArea-output").all_inner_texts())


def test_kata_start_opens_lesson_01_with_the_courses_kernel(page: Page) -> None:
    page.get_by_role("heading", name="01 · First endpoint").wait_for()
    page.get_by_text("FastAPI Katas", exact=True).first.wait_for()
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0


def test_the_first_cell_shows_the_lesson(page: Page) -> None:
    assert "7 katas" in shown_below(page, START)


def test_one_shift_enter_shows_red_and_one_more_green(page: Page) -> None:
    run_cell(page, KATA)
    assert "Its title is Waybill" in shown_below(page, KATA)
    assert "your task" in shown_below(page, KATA)
    retype_cell(page, KATA, GREEN)
    run_cell(page, 'title="Waybill"')
    page.get_by_text("all 4 rules hold").wait_for()
    assert "passed" in shown_below(page, KATA)


def test_the_next_step_stands_below_green_and_our_answer_unfolds(page: Page) -> None:
    shown = page.locator(".jp-OutputArea-output", has_text="Our answer and why").first
    shown.get_by_text("Well done. Next:").wait_for()
    answer = shown.locator("pre", has_text="app = FastAPI(").first
    assert not answer.is_visible()
    shown.get_by_text("Our answer and why").click()
    answer.wait_for()


def test_docs_are_shown_in_the_notebook_without_the_internet(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    retype_cell(page, START, "%docs")
    page.keyboard.press("Shift+Enter")
    frame = page.frame_locator("iframe[title='The docs of your app']")
    frame.get_by_role("heading", name="Waybill").wait_for()
    local = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:")
    assert [url for url in asked if not url.startswith(local)] == []
    assert any(url.endswith("/openapi.json") for url in asked)


def test_reset_puts_the_starting_code_into_the_cell_it_is_typed_in(page: Page) -> None:
    retype_cell(page, 'title="Waybill"', "%reset_kata first_endpoint.app")
    page.keyboard.press("Shift+Enter")
    page.locator(".cm-content", has_text='title="___"').wait_for()
    assert "This cell holds the starting code" in shown_below(page, KATA)
