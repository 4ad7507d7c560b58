"""`kata build --site`: a page for each lesson, with nothing of it lost."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.course.master import Raw, dump
from kata.site import behind, course_map, lesson_page, topics
from tests.helpers.cli import Answer
from tests.helpers.places import ROOT, SAMPLE
from tests.helpers.site import build_site, copy_of

WHOLE = Course(ROOT)
LESSONS = WHOLE.curriculum.lessons
MASTER = Path("solutions/02_counting.ipynb")
PAGE = Path("site/lessons/02_counting.md")
NOTEBOOK = Path("site/notebooks/02_counting.ipynb")
EXTENSIONS = ["sane_lists", "tables", "pymdownx.superfences"]
BLOCK = re.compile(r"<(h[1-6]|ul|ol|li|pre|table|blockquote)\b")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of the sample course that a test may change."""
    return copy_of(SAMPLE, tmp_path / "course")


def edit(path: Path, change: Callable[[list[Raw]], object]) -> None:
    """Change the cells of a notebook the way an author's editor does."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw["cells"])
    path.write_text(dump(raw), encoding="utf-8", newline="\n")


def cell(cells: list[Raw], name: str) -> Raw:
    return next(one for one in cells if one["id"] == name)


def written(answer: Answer) -> list[str]:
    return [
        line.rpartition(" ")[0]
        for line in answer.out.splitlines()
        if line.endswith((" written", " removed"))
    ]


def folds(page: str) -> list[str]:
    return re.findall(r"^<summary>(.*)</summary>$", page, re.MULTILINE)


def test_the_command_makes_the_site_and_says_how_long_a_page_took(
    course: Path,
) -> None:
    made = build_site(course)
    assert made.status == 0, made.err
    assert PAGE.as_posix() in written(made)
    assert re.search(r"\d+ pages in \d+\.\d s, \d+ ms a page: .*index\.html", made.out)
    html = course / "build" / "site"
    for page in ("index", "lessons/01_greeting", "lessons/02_counting"):
        assert (html / f"{page}.html").exists()
    assert (course / "site" / "index.md").exists(), "MkDocs wiped its own sources"


def test_the_search_knows_no_verdict_no_hint_and_no_solution(course: Path) -> None:
    assert build_site(course).status == 0
    html = course / "build" / "site"
    index = json.loads((html / "search" / "search_index.json").read_text("utf-8"))
    known = [one for one in index["docs"] if one["location"].startswith("lessons/")]
    assert any("Starting code" in one["text"] for one in known)
    page = (html / "lessons" / "02_counting.html").read_text("utf-8")
    for word in ("to do", "Hint 1", "Solution, and why"):
        assert word in page
        assert [one["location"] for one in known if word in one["text"]] == []


def test_only_what_changed_is_made_again(course: Path) -> None:
    assert build_site(course).status == 0
    html = course / "build" / "site" / "index.html"
    before = html.stat().st_mtime_ns
    again = build_site(course)
    assert again.out == f"Nothing has changed since {html} was made.\n"
    assert html.stat().st_mtime_ns == before
    edit(course / MASTER, lambda cells: cell(cells, "close").update(source="Changed."))
    assert written(build_site(course)) == [PAGE.as_posix(), NOTEBOOK.as_posix()]
    notebook = (course / NOTEBOOK).read_text(encoding="utf-8")
    assert "Changed." in notebook
    assert "return 2 * number" not in notebook, "a notebook to download holds an answer"


def test_a_site_that_could_not_be_made_is_not_taken_for_a_whole_one(
    course: Path,
) -> None:
    def break_a_link(cells: list[Raw]) -> None:
        cell(cells, "close").update(source="[Gone](09_gone.ipynb).")

    edit(course / MASTER, break_a_link)
    for _ in range(2):
        refused = build_site(course)
        assert refused.status == 2
        assert "lessons/02_counting.md" in refused.err
        assert "09_gone.md" in refused.err
        assert "Traceback" not in refused.err


def test_a_page_that_nothing_makes_any_more_goes(course: Path) -> None:
    stray = course / "site" / "lessons" / "09_renamed.md"
    stray.parent.mkdir()
    stray.write_text("# Old\n", encoding="utf-8")
    made = build_site(course)
    assert "site/lessons/09_renamed.md removed" in made.out
    assert not stray.exists()


def test_an_output_that_no_page_can_show_is_named(course: Path) -> None:
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": ""}}
    edit(
        course / MASTER,
        lambda cells: cell(cells, "double-demo").update(outputs=[picture]),
    )
    refused = build_site(course)
    assert refused.status == 2
    said = " ".join(refused.err.split())
    assert "The cell `double-demo` of 02_counting.ipynb has stored an output" in said


def test_a_picture_stands_in_the_page(course: Path) -> None:
    drawn = '<svg role="img"\n  aria-label="two lines"><path d="M0 0"/></svg>'
    data = {"image/svg+xml": drawn, "text/plain": "<SVG object>"}
    picture = {"output_type": "display_data", "metadata": {}, "data": data}
    edit(
        course / MASTER,
        lambda cells: cell(cells, "double-demo").update(outputs=[picture]),
    )
    made = build_site(course)
    assert made.status == 0, made.err
    page = (course / PAGE).read_text(encoding="utf-8")
    assert f'<figure markdown="0">{" ".join(drawn.split())}</figure>' in page
    assert "SVG object" not in page


def test_a_lesson_that_is_being_written_has_a_page_that_says_so(course: Path) -> None:
    (course / "checks" / "02_counting" / "test_double.py").unlink()

    def strip(cells: list[Raw]) -> None:
        cell(cells, "double-stub").update(outputs=[])
        cells[:] = [one for one in cells if "-hint-" not in one["id"]]

    edit(course / MASTER, strip)
    made = build_site(course)
    assert made.status == 0, made.err
    lacks = "of 1 katas, 1 checks, 1 hints, 1 stored verdicts missing"
    assert f"02_counting is being written: {lacks}" in made.out
    page = (course / PAGE).read_text(encoding="utf-8")
    assert "This lesson is being written" in page
    assert "- hints: `counting.double`" in page
    assert "def double(number: int) -> int:" in page
    shown = (course / "build" / "parts" / "map.md").read_text(encoding="utf-8")
    assert "[02 Counting](lessons/02_counting.md), being written" in shown


def test_a_course_without_the_sources_of_a_site_says_what_to_do(course: Path) -> None:
    (course / "mkdocs.yml").unlink()
    refused = build_site(course)
    assert refused.status == 2
    assert "Build the site in a clone." in refused.err


def test_the_site_is_made_on_its_own(course: Path) -> None:
    from tests.helpers.cli import kata

    refused = kata("build", "--site", "--check", cwd=course, KATA_COURSE=str(course))
    assert refused.status == 2
    assert "--site makes the website and nothing else" in refused.err


def test_the_map_counts_katas_and_minutes() -> None:
    said = course_map.size(Course(SAMPLE))
    assert "**2 lessons, 3 katas:** 7 min for all, 5 min for the core." in said
    page = course_map.render(Course(SAMPLE))
    assert "| [01 Greeting](lessons/01_greeting.md) |   | 2 | 5 min |" in page
    assert "| [02 Counting](lessons/02_counting.md) |   | 1 | 0 min |" in page


def test_topics_lead_to_the_katas_that_practise_them() -> None:
    page = topics.render(Course(ROOT))
    assert "| Unique conflicts |" in page
    assert "[One account for each address](lessons/06_database.md#add_account)" in page


def test_the_map_and_the_readme_say_what_the_app_cannot_yet() -> None:
    page = course_map.render(WHOLE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for lesson in LESSONS:
        name = f"{lesson.number} {lesson.title}"
        assert lesson.cannot
        assert f"({lesson_page.path_of(lesson)}) | {lesson.cannot} |" in page
        assert f"| {name} | {lesson.cannot} |" in readme


def test_checks_are_shown_with_what_those_of_a_lesson_share(course: Path) -> None:
    lesson = Course(course).curriculum.lesson("02")
    (kata,) = lesson.katas
    checks = course / "checks" / lesson.slug
    alone = behind.render(Course(course), lesson, kata)
    assert (checks / "test_double.py").read_text(encoding="utf-8") in alone
    assert "conftest.py" not in alone
    fixtures = '"""Numbers."""\n\nNUMBERS = [0, 1, 21]\n'
    (checks / "conftest.py").write_text(fixtures, encoding="utf-8")
    page = behind.render(Course(course), lesson, kata)
    assert f'title="checks/{lesson.slug}/conftest.py"\n{fixtures}```' in page


def test_what_the_site_is_made_of_is_in_the_clone_and_what_is_made_is_not() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    made = {f"/site/{name}/" for name in ("lessons", "behind", "notebooks", "service")}
    assert made | {"/build/"} <= {*ignored}
    assert "/site/" not in ignored


def test_an_author_without_mkdocs_is_told_what_to_install(
    course: Path, tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden" / "mkdocs"
    hidden.mkdir(parents=True)
    (tmp_path / "hidden" / "sitecustomize.py").write_text(
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, *more: name != 'mkdocs' and find(name, *more)"
        " or None\n",
        encoding="utf-8",
    )
    path = os.pathsep.join([str(tmp_path / "hidden"), str(ROOT)])
    refused = build_site(course, PYTHONPATH=path)
    assert refused.status == 2
    assert "MkDocs is not installed" in refused.err
    assert "Traceback" not in refused.err
