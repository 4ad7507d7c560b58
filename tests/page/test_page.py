"""A learner in a lesson's page, in a real browser: nothing installed, nothing lost."""

import shutil
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from tests.helpers.cli import kata
from tests.helpers.in_page import (
    ENDLESS,
    HELLO,
    LESSON,
    NAME,
    NEEDED,
    RIGHT,
    WRONG,
    Cell,
)
from tests.helpers.places import SAMPLE
from tests.page.conftest import CANNOT

pytestmark = NEEDED
KEPT = """async () => {
    if (!navigator.serviceWorker.controller) return false;
    const cache = await caches.open("fastapi-katas");
    const kept = (await cache.keys()).map(one => one.url);
    return ["/page.json", "start.js", ".html", "course-"].every(
        part => kept.some(url => url.includes(part)));
}"""
"""Whether what a page needs without a connection is there."""


def test_a_lesson_is_learned_in_the_page_and_is_there_after_a_reload(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/{LESSON}")
    cell = Cell(page, NAME)
    cell.open.wait_for()
    loaded = [url for url in asked if "/page/" in url]
    assert [url.rpartition("/")[2] for url in loaded] == ["start.js"]

    cell.open.click()
    cell.code.wait_for()
    page.keyboard.press("Control+Enter")
    cell.badge("your task").wait_for()
    assert "This one ends with 'a'" in cell.check(WRONG, "not yet")
    cell.button("Hint").click()
    cell.panel.get_by_text("Hint 1 of 3").wait_for()
    green = cell.check(RIGHT, "passed")
    assert "Our answer and why" in green
    assert "Next: greeting.hello, on this page." in green
    found = Axe().run(page, context=".in-page__panel").response["violations"]
    assert not found, found
    assert all(url.startswith(address) for url in asked), "another host was asked"

    page.reload()
    page.get_by_role("button", name="Open your answer (passed)").click()
    cell.code.wait_for()
    assert "return f'Hello, {name}!'" in cell.code.inner_text()
    page.keyboard.press("Control+Enter")
    cell.badge("passed").wait_for()
    assert not faults


def test_what_needs_a_kata_that_cannot_run_there_is_not_offered(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(f"{address}/lessons/02_counting.html")
    page.get_by_text("A page can't count.").first.wait_for()
    offered = [
        bar.locator("button").count()
        for kind in ("example", "kata", "needs")
        for bar in page.locator(".in-page").all()
        if f"#| {kind}: {CANNOT}"
        in bar.locator("xpath=preceding-sibling::*[1]").inner_text()
    ]
    assert offered == [1, 0, 0]
    assert page.get_by_text("A page can't count.").count() == 2


def test_a_loop_without_an_end_is_stopped_and_nothing_is_lost(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(f"{address}/{LESSON}")
    hello = Cell(page, HELLO)
    hello.open.click()
    hello.button("Check").click()
    hello.output.get_by_text("Our answers stand in their place").wait_for()
    name = Cell(page, NAME)
    name.open.click()
    name.check(WRONG, "not yet")
    # The page answers while the cell runs, and the limit ends it.
    name.check(ENDLESS, "broken")
    assert "stopped after 9 seconds" in name.output.inner_text()
    name.check(RIGHT, "passed")
    hello.button("Check").click()
    hello.output.get_by_text("Our answers stand").wait_for(state="detached")
    hello.badge("your task").wait_for()


def test_a_run_can_be_stopped_by_hand(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/{LESSON}")
    cell = Cell(page, NAME)
    cell.open.click()
    cell.check(WRONG, "not yet")
    cell.code.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(ENDLESS)
    page.keyboard.press("Control+Enter")
    cell.button("Stop").click()
    cell.output.get_by_text("You stopped this run").wait_for()
    cell.check(RIGHT, "passed")


def test_opened_from_a_file_it_says_what_to_do(
    context: BrowserContext, root: Path
) -> None:
    page = context.new_page()
    page.goto((root / "katas" / LESSON).as_uri())
    Cell(page, NAME).open.click()
    assert "opened from a file" in page.get_by_role("alert").inner_text()


def test_two_tabs_see_the_same_work_and_it_can_be_taken_along_and_deleted(
    context: BrowserContext, address: str, tmp_path: Path
) -> None:
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto(f"{address}/{LESSON}")
    hello = Cell(two, HELLO)
    hello.open.click()
    hello.button("Check").click()
    hello.output.get_by_text("Our answers stand in their place").wait_for()
    name = Cell(one, NAME)
    name.open.click()
    name.check(RIGHT, "passed")
    hello.button("Check").click()
    hello.output.get_by_text("Our answers stand").wait_for(state="detached")
    other = Cell(two, NAME)
    other.open.click()
    other.code.get_by_text("Hello, {name}").wait_for()

    other.panel.get_by_text("Your work in this browser").click()
    with two.expect_download() as download:
        other.button("Take it along").click()
    shutil.unpack_archive(download.value.path(), tmp_path, "zip")
    place, course = tmp_path / "my-waybill", {"KATA_COURSE": str(SAMPLE)}
    started = kata("start", str(place), "--no-server", cwd=tmp_path, **course)
    assert started.status == 0, started.err
    assert "PASSED" in kata("check", NAME, cwd=place, **course).out

    two.on("dialog", lambda dialog: dialog.accept())
    other.button("Delete everything here").click()
    other.open.wait_for()
    assert two.evaluate("localStorage.getItem('fastapi-katas')") == "{}"


def test_after_the_first_use_it_works_without_a_connection(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(f"{address}/{LESSON}")
    cell = Cell(page, NAME)
    cell.open.click()
    cell.check(RIGHT, "passed")
    page.wait_for_function(KEPT)
    context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Open your answer (passed)").click()
    cell.check(WRONG, "not yet")
