"""A page of the site in a real browser, and what no page should make it meet."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Page

from tests.helpers.browser import PATIENCE

LAPTOP, PHONE = (1280, 800), (390, 844)
LESSON = "lessons/02_models.html"
LOOKED_AT = [
    "index.html",
    LESSON,
    "behind/02_models/address.html",
    "service/index.html",
    "service/api.html",
    "service/waybill/schemas.html",
    "behind/mistakes.html",
    "copied-guides.html",
    "instructors.html",
    "authors.html",
]
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
WIDE_CODE = """columns => [...document.querySelectorAll('pre > code')].filter(one => {
    if (one.closest('.wrap')) return false;
    one.textContent = 'm'.repeat(columns);
    return one.scrollWidth > one.clientWidth;
}).length"""


class Seen:
    """What a browser met that no page should have."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("console", lambda said: self.on_console(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("requestfailed", lambda one: self.on_failure(one.url, one.failure))
        page.on("request", lambda one: self.on_request(one.url))

    def on_console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.faults.append(text)

    def on_failure(self, url: str, failure: str | None) -> None:
        # Aborted is what the browser itself no longer wants: an icon of a page left.
        if failure != "net::ERR_ABORTED":
            self.faults.append(f"{url}: {failure}")

    def on_request(self, url: str) -> None:
        here = urlsplit(url).hostname in {None, "", "127.0.0.1"}
        if not here:
            self.faults.append(f"a request to {url}")


def opened(
    browser: Browser,
    address: str,
    size: tuple[int, int] = LAPTOP,
    scheme: Literal["light", "dark"] = "light",
) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    return page


class Written(HTMLParser):
    """What the HTML of a page holds: links, anchors, and what it asks for by itself."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.asked: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.anchors.add(value or "")
            elif name == "href" and tag == "a":
                self.links.append(urljoin(self.address, value or ""))
            elif name == "src" or (name == "href" and tag == "link"):
                self.asked.append(urljoin(self.address, value or ""))


def written(path: Path) -> Written:
    """Return what the HTML of a page holds, with whole addresses."""
    page = Written(path.as_uri())
    page.feed(path.read_text(encoding="utf-8"))
    return page
