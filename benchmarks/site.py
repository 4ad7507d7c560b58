"""What pages of the site weigh, and when they can be used, beside an older site.

    python benchmarks/site.py
    python benchmarks/site.py --against ../an-older-checkout --rounds 5

Both sites have been built before, with `kata build --site`. Each page is opened in a
new profile of Chromium, in turn with that of the older site; bytes count as they are
sent. A page is interactive when it is parsed and its last long task has ended.
"""

import argparse
import statistics
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from browser import chromium, processor_time, serving
from figures import HOME
from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.table import Table

SITE = Path("build", "site")
SEARCH = "search opened"
PAGES = {
    "home": "index.html",
    "lesson 01": "lessons/01_first_endpoint.html",
    "lesson 16": "lessons/16_rate_limiting.html",
    "API": "service/api.html",
    SEARCH: "index.html",
}
QUIET = 500
"""Milliseconds without a long task, after which a page is taken to rest."""
WATCH = """
window.busy = [];
new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
        window.busy.push(startTime + duration);
}).observe({ type: "longtask", buffered: true });
"""
TIMES = """() => {
    const [page] = performance.getEntriesByType("navigation");
    const interactive = Math.max(page.domInteractive, ...window.busy);
    return [page.domInteractive, page.loadEventEnd, interactive];
}"""
FOUND = ".md-search-result__meta"
READY = "Initializing"
"""What the search says until its index is there."""


class Seen(NamedTuple):
    """One page, opened once."""

    kilobytes: float
    requests: int
    parsed: float
    loaded: float
    interactive: float
    cpu: float


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--against", type=Path, help="a checkout to compare with")
    parser.add_argument("--rounds", type=int, default=5)
    wish = parser.parse_args()
    folders = {"now": HOME / SITE}
    if wish.against:
        folders = {"before": wish.against / SITE, **folders}
    seen: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        addresses = {
            name: stack.enter_context(serving(folder))
            for name, folder in folders.items()
        }
        for _ in range(wish.rounds):
            for page, path in PAGES.items():
                for name, address in addresses.items():
                    one = _opened(browser, f"{address}/{path}", search=page == SEARCH)
                    seen[page, name].append(one)
    Console().print(_table(seen, wish.rounds))


def _opened(browser: Browser, address: str, *, search: bool) -> Seen:
    """Open a page as somebody does who was never there, and wait until it rests."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        sent = _sent(page)
        before = processor_time()
        page.goto(address, wait_until="load")
        if search:
            page.keyboard.press("/")
            page.locator(FOUND).filter(has_not_text=READY).wait_for()
        page.wait_for_timeout(QUIET)
        parsed, loaded, interactive = page.evaluate(TIMES)
        kilobytes = sum(sent.values()) / 1000
        cpu = 1000 * (processor_time() - before)
        return Seen(kilobytes, len(sent), parsed, loaded, interactive, cpu)


def _sent(page: Page) -> dict[str, float]:
    """Return the bytes of each request, filled in as they arrive."""
    sent: dict[str, float] = {}
    network = page.context.new_cdp_session(page)
    network.on(
        "Network.loadingFinished",
        lambda one: sent.update({one["requestId"]: one["encodedDataLength"]}),
    )
    network.send("Network.enable")
    return sent


def _table(seen: dict[tuple[str, str], list[Seen]], rounds: int) -> Table:
    table = Table("", "", title="Pages of the site")
    for heading in ("kB sent", "requests", "parsed", "loaded", "interactive", "CPU"):
        table.add_column(heading, justify="right")
    table.caption = f"Medians of {rounds} rounds, interleaved; times in milliseconds"
    last = [*seen][-1][1]
    for (page, name), rounds_of_one in seen.items():
        row = _row(rounds_of_one)
        table.add_row(page, name, *row, end_section=name == last)
    return table


def _row(rounds_of_one: list[Seen]) -> Iterator[str]:
    for figures in zip(*rounds_of_one, strict=True):
        yield f"{statistics.median(figures):.0f}"


if __name__ == "__main__":
    main()
