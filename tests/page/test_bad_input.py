"""What goes wrong in a page: one clear message each, and nothing is lost."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route

from tests.helpers.in_page import HEAD, LESSON, NAME, NEEDED, RIGHT, WRONG, Cell
from tests.helpers.site import Quiet, answering

pytestmark = NEEDED
PASTE = """(element, text) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = { clipboardData, bubbles: true, cancelable: true };
    element.dispatchEvent(new ClipboardEvent("paste", event));
}"""
"""A paste takes no time, and typing so much would."""


def opened(context: BrowserContext, address: str) -> tuple[Page, Cell]:
    page = context.new_page()
    page.goto(f"{address}/{LESSON}")
    cell = Cell(page, NAME)
    cell.open.click()
    cell.code.wait_for()
    return page, cell


def alert(cell: Cell, said: str) -> None:
    """Wait for the one message in a cell's panel, and look at what it says."""
    shown = cell.output.get_by_role("alert")
    shown.get_by_text(said).wait_for()
    assert shown.count() == 1


def test_what_a_learner_may_put_in_is_answered_and_the_answer_stays(
    context: BrowserContext, address: str, tmp_path: Path
) -> None:
    page, cell = opened(context, address)
    cell.check(RIGHT, "passed")
    assert "was never closed" in cell.check(f"{HEAD}return (", "broken")
    flood = f"{HEAD}return name\n\n\nfor line in range(1_000_000):\n    print(line)"
    assert "printed" in cell.check(flood, "not yet")
    assert len(cell.output.inner_text()) < 5_000

    cell.code.evaluate(PASTE, "x" * 10_000_000)
    alert(cell, "more than a million characters")
    page.keyboard.press("Control+Enter")
    alert(cell, "more than a million characters")

    cell.panel.get_by_text("Your work in this browser").click()
    page.on("dialog", lambda dialog: dialog.accept())
    no_workspace = tmp_path / "holiday.zip"
    with zipfile.ZipFile(no_workspace, "w") as archive:
        archive.writestr("beach.txt", "sand")
    for path in (no_workspace, Path(__file__)):
        cell.panel.locator("input[type=file]").set_input_files(path)
        said = cell.panel.locator(".in-page__work [role=status]")
        said.get_by_text("This file is no workspace that was taken along").wait_for()
    cell.check(RIGHT, "passed")


SMALL = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...rest) {
    if (self.full) throw new DOMException("no room", "QuotaExceededError");
    return put.apply(this, rest);
};
const told = new BroadcastChannel("full");
told.onmessage = ({ data }) => { self.full = data; told.postMessage("heard"); };
"""
FULL = """full => new Promise(heard => {
    const channel = new BroadcastChannel("full");
    channel.onmessage = () => { channel.close(); heard(); };
    channel.postMessage(full);
})"""
"""No browser can be told how much room there is, so its database says it has none."""


def with_a_small_storage(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=SMALL + response.text())


def test_a_full_storage_is_said_beside_the_verdict_and_mended_by_room(
    context: BrowserContext, address: str
) -> None:
    context.route("**/page/worker-*.js", with_a_small_storage)
    page, cell = opened(context, address)
    cell.check(RIGHT, "passed")
    page.evaluate(FULL, True)
    cell.check(WRONG, "not yet")
    alert(cell, "The browser's storage is full")
    page.evaluate(FULL, False)
    cell.check(RIGHT + "  # mine", "passed")
    assert cell.output.get_by_role("alert").count() == 0
    page.reload()
    page.get_by_role("button", name="Open your answer (passed)").click()
    cell.code.get_by_text("# mine").wait_for()


class Breaking(Quiet):
    """A server that ends in the middle of a part, as long as it is told to."""

    breaks = True

    def copyfile(self, source: object, outputfile: object) -> None:
        if "/base-" in self.path and Breaking.breaks:
            self.wfile.write(source.read(100_000))  # type: ignore[attr-defined]
            self.close_connection = True
            return
        super().copyfile(source, outputfile)  # type: ignore[type-var]


def test_a_network_that_goes_in_the_middle_is_said_and_another_press_goes_on(
    context: BrowserContext, root: Path
) -> None:
    with answering(root, Breaking) as server:
        Breaking.breaks = True
        _, cell = opened(context, f"{server}/katas")
        alert(cell, "The connection broke while Python was being loaded")
        Breaking.breaks = False
        cell.check(RIGHT, "passed")


@contextmanager
def newer(root: Path, **changes: str) -> Iterator[None]:
    """Let the site be a newer one, whose files have other names."""
    manifest = root / "katas" / "page" / "page.json"
    before = manifest.read_text("utf-8")
    manifest.write_text(json.dumps(json.loads(before) | changes), "utf-8")
    yield
    manifest.write_text(before, "utf-8")


def test_a_page_that_is_older_than_the_site_asks_to_be_loaded_again(
    context: BrowserContext, address: str, root: Path
) -> None:
    page = context.new_page()
    page.goto(f"{address}/{LESSON}")
    cell = Cell(page, NAME)
    with newer(root, app="app-NEWER123.js"):
        cell.open.click()
        alert(cell, "The site has changed since this page was opened. Reload it")
    (app,) = (root / "katas" / "page").glob("app-*.js")
    aside = app.rename(app.with_name("aside"))
    page.reload()
    with newer(root, app="app-NEWER123.js"):
        cell.open.click()
        page.get_by_role("alert").get_by_text("The site has changed").wait_for()
    aside.rename(app)


def test_what_an_older_site_left_in_the_cache_gives_way_to_the_newer_one(
    context: BrowserContext, address: str
) -> None:
    page, cell = opened(context, address)
    cell.check(RIGHT, "passed")
    page.wait_for_function("navigator.serviceWorker.controller")
    old = f"{address}/page/worker-OLDER123.js"
    page.evaluate(
        """async ([url, page]) => {
            const cache = await caches.open("fastapi-katas");
            await cache.put(url, new Response("throw new Error('old')"));
            await cache.put(page, new Response("an old page"));
        }""",
        [old, f"{address}/{LESSON}"],
    )
    page.reload()
    page.get_by_role("button", name="Open your answer (passed)").click()
    cell.check(RIGHT, "passed")
    gone = "async url => !await (await caches.open('fastapi-katas')).match(url)"
    page.wait_for_function(gone, arg=old)
