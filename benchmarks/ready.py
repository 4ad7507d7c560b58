"""How long until katas can be tried in a page, and what each second is, in Chromium.

    uv run kata build --site
    python benchmarks/ready.py
    python benchmarks/ready.py --lesson 06_database --rounds 5

Each round opens a lesson's page for the first time, presses "Try it in this page" and
at once "Check", and does the same on a second visit, from what the browser kept.
"""

import argparse
import json
import statistics
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from browser import chromium, processor_time, serving
from figures import HOME
from playwright.sync_api import Browser, BrowserContext
from rich.console import Console
from rich.table import Table

from kata.course.course import Course

PATIENCE = 180_000
"""Milliseconds that a step may take."""
STEPS = {
    "python": "the scripts and the worker",
    "files": "Python is loaded and started",
    "imports": "the parts are unpacked",
    "ready": "libraries and the engine are imported",
    "verdict": "the first verdict, asked for at once",
}
"""What the worker says, and what has been done by then."""
WATCH = """
window.heard = {};
window.Worker = class extends Worker {
    constructor(...how) {
        super(...how);
        this.addEventListener("message", ({ data }) => {
            const kind = data.answer?.verdict ? "verdict" : data.step ?? data.kind;
            window.heard[kind] ??= performance.now();
        });
    }
};
"""
"""Notes when the page's worker first said something of each kind."""
BUTTON = "[data-kata] .in-page__open"
KEPT = """async () => {
    const cache = await caches.open("fastapi-katas");
    const kept = (await cache.keys()).map(({ url }) => url).join();
    return ["base-", "course-", ".wasm"].every((part) => kept.includes(part));
}"""
"""Whether what a second visit needs was kept."""
Times = Mapping[str, float]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lesson", default="01_first_endpoint")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--site", type=Path, default=HOME / "build" / "site")
    wish = parser.parse_args()
    lesson = Course(HOME).curriculum.lesson(wish.lesson)
    visits: dict[str, list[Times]] = defaultdict(list)
    with serving(wish.site) as address, chromium() as browser:
        for _ in range(wish.rounds):
            for name, times in _round(browser, f"{address}/lessons/{lesson.slug}.html"):
                visits[name].append(times)
    Console().print(_table(lesson.slug, visits))


def _round(browser: Browser, address: str) -> list[tuple[str, Times]]:
    """Visit a page twice, with nothing kept from an earlier round."""
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCH)
        first = _visit(context, address)
        return [("cold", first), ("cached", _visit(context, address))]


def _visit(context: BrowserContext, address: str) -> Times:
    page = context.new_page()
    page.goto(address)
    page.locator(BUTTON).first.wait_for()
    before, pressed = processor_time(), page.evaluate("performance.now()")
    page.locator(BUTTON).first.click()
    page.get_by_role("button", name="Check").first.click()
    page.wait_for_function("window.heard.verdict")
    cpu = processor_time() - before
    heard = json.loads(page.evaluate("JSON.stringify(window.heard)"))
    page.wait_for_function(KEPT)
    page.close()
    times, last = {}, pressed
    for step in STEPS:
        times[step], last = (heard[step] - last) / 1000, heard[step]
    ready = (heard["ready"] - pressed) / 1000
    return {**times, "until ready": ready, "processor, all of it": cpu}


def _table(lesson: str, visits: Mapping[str, list[Times]]) -> Table:
    rounds = len(visits["cold"])
    table = Table("", title=f"Katas of {lesson} in a page, seconds")
    for visit in visits:
        table.add_column(visit, justify="right")
        table.add_column("fastest", justify="right")
    table.caption = f"Medians of {rounds} rounds, and the fastest"
    for step in (*STEPS, "until ready", "processor, all of it"):
        row = []
        for rounds_of_one in visits.values():
            seconds = [times[step] for times in rounds_of_one]
            row += [f"{statistics.median(seconds):.2f}", f"{min(seconds):.2f}"]
        table.add_row(STEPS.get(step, step), *row, end_section=step == "verdict")
    return table


if __name__ == "__main__":
    main()
