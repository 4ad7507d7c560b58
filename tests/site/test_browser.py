"""The site in a real browser: for the eye, the keyboard and a reader of screens."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from kata.course.course import Course
from tests.helpers.browser import CHROMIUM
from tests.helpers.paper import MISSING, READER, pages_of
from tests.helpers.places import ROOT
from tests.helpers.seen import (
    LAPTOP,
    LESSON,
    LOOKED_AT,
    OPEN_ALL,
    PHONE,
    WIDE_CODE,
    Seen,
    opened,
    written,
)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="Chromium is missing: the site was NOT looked at in a browser "
    "(Debian: apt-get install chromium)",
)
COLUMNS = 88
ENOUGH = 40
"""Blocks of code on a page that show all colours of code: axe looks at each word."""
FEWER_BLOCKS = """most => [...document.querySelectorAll('article pre')]
    .slice(most).forEach(one => one.remove())"""
ONLY_FAULTS = {"resultTypes": ["violations"]}
"""What axe is asked for: to describe all that is in order takes it as long again."""


@pytest.fixture
def lesson(site: Path, browser: Browser) -> Iterator[Page]:
    page = opened(browser, (site / LESSON).as_uri())
    yield page
    page.context.close()


def test_nothing_asks_another_host_or_complains(site: Path, browser: Browser) -> None:
    # A page of each kind, and each lesson; what other pages name is read below.
    lessons = (f"lessons/{one.slug}.html" for one in Course(ROOT).curriculum.lessons)
    seen = Seen()
    page = opened(browser, "about:blank")
    seen.watch(page)
    for name in dict.fromkeys([*LOOKED_AT, *lessons]):
        page.goto((site / name).as_uri())
    page.context.close()
    assert seen.faults == []


def test_every_link_and_anchor_resolves_and_no_page_names_what_another_host_has(
    site: Path,
) -> None:
    pages = {path: written(path) for path in site.rglob("*.html")}
    assert pages
    # It is shown at any address, and links from the top.
    del pages[site / "404.html"]
    for path, page in pages.items():
        assert {urlsplit(one).scheme for one in page.asked} <= {"file", "data"}, path
        for target in page.links:
            address, anchor = urldefrag(target)
            if address.startswith("file:"):
                found = Path(unquote(urlsplit(address).path))
                assert found.is_file(), f"{path} links to {target}"
                assert not anchor or unquote(anchor) in pages[found].anchors, (
                    f"{path} links to {target}"
                )


@pytest.mark.parametrize(
    ("name", "size", "scheme"),
    [
        *((name, LAPTOP, "light") for name in LOOKED_AT),
        *((name, PHONE, "dark") for name in LOOKED_AT[:2]),
        (LESSON, LAPTOP, "dark"),
    ],
)
def test_nobody_is_shut_out_of_a_page(
    name: str,
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
    site: Path,
    browser: Browser,
) -> None:
    page = opened(browser, (site / name).as_uri(), size, scheme)
    page.evaluate(OPEN_ALL)
    page.evaluate(FEWER_BLOCKS, ENOUGH)
    found = serious(page)
    page.context.close()
    assert found == []


def serious(page: Page) -> list[str]:
    """Return what shuts somebody out of a page."""
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in Axe().run(page, options=ONLY_FAULTS).response["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def test_a_page_that_is_not_there_leads_on(served: str, browser: Browser) -> None:
    page = opened(browser, f"{served}/404.html")
    assert serious(page) == []
    page.get_by_role("article").get_by_role("link", name="Home").click()
    page.get_by_role("heading", name="FastAPI Katas").first.wait_for()
    page.context.close()


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_is_as_wide_as_a_phone(name: str, site: Path, browser: Browser) -> None:
    page = opened(browser, (site / name).as_uri(), PHONE)
    page.evaluate(OPEN_ALL)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.context.close()
    assert wide <= 0


def test_88_columns_of_code_need_no_sideways_scrolling(lesson: Page) -> None:
    lesson.evaluate(OPEN_ALL)
    assert lesson.evaluate(WIDE_CODE, COLUMNS) == 0
    assert lesson.evaluate(WIDE_CODE, 3 * COLUMNS) > 0, "the measure measures nothing"


def test_a_fold_opens_by_keyboard(lesson: Page) -> None:
    fold = lesson.locator("details", has_text="Hint 1").first
    assert fold.get_attribute("open") is None
    fold.locator("summary").focus()
    lesson.keyboard.press("Enter")
    fold.locator("summary ~ *").first.wait_for(state="visible")
    lesson.keyboard.press("Enter")
    fold.locator("summary ~ *").first.wait_for(state="hidden")


def test_folds_are_closed_until_somebody_opens_them(lesson: Page) -> None:
    katas = len(Course(ROOT).curriculum.lesson("02").katas)
    assert lesson.locator("details").count() == katas * 4  # three hints, one answer
    assert lesson.locator("details[open]").count() == 0


@pytest.mark.skipif(READER is None, reason=MISSING)
def test_paper_holds_no_answer_but_what_a_reader_has_opened(
    lesson: Page, tmp_path: Path
) -> None:
    """The theme opens every fold when a page is really printed."""

    def printed() -> str:
        lesson.pdf(path=tmp_path / "lesson.pdf", format="A4")
        return " ".join(pages_of(tmp_path / "lesson.pdf"))

    closed = printed()
    assert "Your turn: text_line" in closed
    assert "Hint" not in closed
    assert "Solution" not in closed
    lesson.locator("details", has_text="Hint 1").first.locator("summary").click()
    opened = printed()
    assert opened.count("Hint 1") == 1
    assert "Which argument dropped the spaces" in opened
    assert "Hint 2" not in opened
    assert lesson.locator("details[open]").count() == 1, "printing opened a fold"


def test_every_block_of_code_can_be_copied(lesson: Page) -> None:
    lesson.locator(".md-code__button").first.wait_for(state="attached")
    blocks = lesson.locator("pre > code").count()
    assert lesson.get_by_title("Copy to clipboard").count() == blocks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_takes_the_colours_of_the_system(
    scheme: Literal["light", "dark"], site: Path, browser: Browser
) -> None:
    page = opened(browser, (site / "index.html").as_uri(), scheme=scheme)
    named = {"light": "default", "dark": "slate"}[scheme]
    page.locator(f"body[data-md-color-scheme={named}]").wait_for()
    page.context.close()


def test_code_is_in_colour(lesson: Page) -> None:
    """As many colours as JupyterLab has: words, texts, numbers, names, comments."""
    colours = lesson.locator(".highlight code").first.evaluate(
        "one => [...new Set([...one.querySelectorAll('span')].map("
        "part => getComputedStyle(part).color))].length"
    )
    assert colours >= 5


def test_the_kata_at_hand_stays_in_sight(lesson: Page) -> None:
    lesson.locator("[data-kata='models.postcode']").scroll_into_view_if_needed()
    bar = lesson.locator(".bar", has_text="Kata 2 of")
    top = bar.evaluate("one => one.getBoundingClientRect().top")
    assert 0 < top < 100, "it has left the page with the head of the kata"
    bar.get_by_role("link", name="Task").click()
    title = lesson.get_by_role("heading", name="Your turn: postcode")
    place = title.evaluate("one => one.getBoundingClientRect().top")
    assert top < place < LAPTOP[1] / 2, "the task is below the line, not behind it"


def test_what_runs_on_the_page_finds_the_lesson_and_each_starting_code(
    lesson: Page,
) -> None:
    assert lesson.locator("article[data-lesson='02_models']").count() == 1
    for kata in Course(ROOT).curriculum.lesson("02").katas:
        start = lesson.locator(f"[data-kata='{kata.id}']")
        assert start.count() == 1
        assert start.locator("pre > code").first.inner_text().startswith("#| kata:")


def test_the_drawer_of_a_phone_lists_all_lessons(site: Path, browser: Browser) -> None:
    page = opened(browser, (site / LESSON).as_uri(), PHONE)
    page.locator(".md-header label[for=__drawer]").click()
    for one in Course(ROOT).curriculum.lessons:
        name = f"{one.number} {one.title}"
        link = page.locator(".md-nav--primary .md-nav__link", has_text=name).first
        link.scroll_into_view_if_needed()
        assert link.is_visible(), name
    page.context.close()


def test_a_lesson_lists_all_lessons_of_all_parts(site: Path, browser: Browser) -> None:
    curriculum = Course(ROOT).curriculum
    last = curriculum.lessons[-1]
    page = opened(browser, (site / f"lessons/{last.slug}.html").as_uri())
    links = page.locator(".md-sidebar--primary .md-nav__link:visible")
    texts = [text.strip() for text in links.all_inner_texts()]
    lessons = [f"{one.number} {one.title}" for one in curriculum.lessons]
    assert {*lessons, *(part.title for part in curriculum.parts)} <= {*texts}
    tops = links.evaluate_all("all => all.map(one => one.getBoundingClientRect().y)")
    page.context.close()
    for (text, top), (_, below) in pairwise(zip(texts, tops, strict=True)):
        assert below - top > 10, f"{text} lies on what follows"


def test_a_lesson_leads_to_the_one_before_and_the_one_after(lesson: Page) -> None:
    footer = lesson.locator("footer")
    assert footer.get_by_role("link", name="Previous: 01 First endpoint").count() == 1
    footer.get_by_role("link", name="Next:").click()
    lesson.wait_for_url("**/lessons/03_*.html")


def test_the_index_of_the_search_waits_for_a_search(
    served: str, browser: Browser
) -> None:
    page = opened(browser, "about:blank")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(f"{served}/index.html")
    page.wait_for_load_state("networkidle")
    assert not any("search_index" in one for one in asked)
    assert len({*asked}) == len(asked) or asked.count(f"{served}/assets/logo.svg") == 2
    with page.expect_request("**/search_index.json"):
        page.get_by_role("textbox", name="Search").click()
    page.context.close()


@pytest.mark.parametrize(
    ("way", "word", "lesson"),
    [
        ("file", "422", "02_models"),
        ("http", "422", "02_models"),
        ("http", "429", "16_rate_limiting"),
        ("file", "yield", "06_database"),
    ],
)
def test_the_search_finds_what_a_lesson_says(
    way: str, word: str, lesson: str, site: Path, served: str, browser: Browser
) -> None:
    base = site.as_uri() if way == "file" else served
    page = opened(browser, f"{base}/index.html")
    seen = Seen()
    seen.watch(page)
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type(word)
    found = page.locator(".md-search-result__link")
    found.first.wait_for()
    links = found.evaluate_all("all => all.map(one => one.href)")
    assert "/lessons/" in links[0], "a solution or a refused answer comes first"
    assert any(f"lessons/{lesson}" in link for link in links)
    assert not any("/behind/" in link for link in links)
    assert seen.faults == []
    page.context.close()
