"""The page of a lesson: nothing of the master is lost, and all in its order."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown import markdown
from markdown_it import MarkdownIt

from kata.course.course import Course
from kata.course.curriculum import Lesson
from kata.course.master import Cell, Raw, dump, read
from kata.site import behind, lesson_page, marks
from kata.site.markdown import portable
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


def folds(page: str) -> list[str]:
    return re.findall(r"^<summary>(.*)</summary>$", page, re.MULTILINE)


def test_hints_and_solution_are_folded_one_by_one() -> None:
    course = Course(SAMPLE)
    page = lesson_page.render(course, course.curriculum.lesson("02"))
    assert folds(page) == [
        "Hint 1: where to look",
        "Hint 2: what to use",
        "Hint 3: the shape of the code",
        "Solution, and why",
    ]
    outside = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "return 2 * number" in page
    assert "return 2 * number" not in outside


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.slug)
def test_a_kata_goes_from_its_problem_to_its_other_answers(lesson: Lesson) -> None:
    katas = lesson_page.render(WHOLE, lesson).split('<section class="kata"')[1:]
    assert len(katas) == len(lesson.katas)
    for kata, page in zip(lesson.katas, katas, strict=True):
        steps = [
            f"{{ #{kata.name} }}",
            f"#| example: {kata.id}",
            'class="task"',
            f'class="start" data-kata="{kata.id}"',
            'class="verdict ',
            "Hint 1",
            "Hint 3",
            "Solution, and why",
            'class="verdict passed"',
            'class="behind"',
        ]
        found = [page.index(step) for step in steps if step in page]
        assert found == sorted(found), kata.id
        assert len(found) >= len(steps) - 1, f"{kata.id}: plumbing has no example"


def test_a_lesson_begins_with_a_table_of_its_katas() -> None:
    for lesson in LESSONS:
        page, *_ = lesson_page.render(WHOLE, lesson).partition("<section")
        for kata in lesson.katas:
            what = "core" if kata.core else "stretch"
            row = rf"\(#{kata.name}\) \| {what}(, fix)? \| {kata.minutes} min \|"
            assert re.search(row, page), kata.id


def test_the_lines_that_an_explanation_talks_about_are_marked(course: Path) -> None:
    def mark(*texts: str) -> None:
        edit(
            course / MASTER,
            lambda cells: cell(cells, "double-demo").update(
                source="#| example: counting.double\ndouble(2)",
                metadata={"marks": texts},
            ),
        )

    quoting = "It has a `print()`, a `for`, an `/answer`, and `range(3)`."
    code = "import x\nprint(1)\nfor n in range(3):\n    range(3)\n"
    example = Cell({"cell_type": "code", "source": code})
    assert marks.marked(example, quoting, "An example") == [3], "the first of them"
    mark("double")
    page = lesson_page.render(Course(course), Course(course).curriculum.lesson("02"))
    assert 'hl_lines="' in page
    mark("nothing like it")
    refused = build_site(course)
    assert refused.status == 2
    assert "has no line with 'nothing like it'" in " ".join(refused.err.split())


def test_a_page_names_its_minutes_its_files_and_how_to_open_it() -> None:
    course = Course(SAMPLE)
    first, second = course.curriculum.lessons
    page = lesson_page.render(course, first)
    assert "(#name) | core | 2 min | `hello.py` |" in page
    assert "this lesson is `01_greeting.ipynb` there." in page
    assert "(../notebooks/01_greeting.ipynb)" in page
    assert "catch-up" not in page
    assert "`uv run kata catch-up 02`" in lesson_page.render(course, second)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.slug)
def test_no_cell_of_a_master_is_lost(lesson: Lesson) -> None:
    pages = [lesson_page.render(WHOLE, lesson)]
    pages += [
        behind.render(WHOLE, lesson, kata)
        for kata in lesson.katas
        if WHOLE.checks_path(kata).exists()
    ]
    words = " ".join(" ".join(pages).replace(".md)", ".ipynb)").split())
    for one in WHOLE.master(lesson).cells:
        if "%lesson" in one.source:
            continue  # it connects a notebook to its workspace
        for line in one.source.splitlines():
            said = line.removeprefix("### ")  # a task's title is another element
            assert " ".join(said.split()) in words, one.raw["id"]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.slug)
def test_mkdocs_reads_a_cell_as_jupyter_does(lesson: Lesson) -> None:
    jupyter = MarkdownIt("commonmark").enable("table")
    for one in WHOLE.master(lesson).cells:
        if not one.is_code:
            page = markdown(portable(one.source), extensions=EXTENSIONS)
            wanted = BLOCK.findall(jupyter.render(one.source))
            assert BLOCK.findall(page) == wanted, one.raw["id"]


@pytest.mark.parametrize(
    "source",
    [
        "Rules:\n- one\n- two",
        "- one\n  - deeper\n  - again\n- two",
        "1. one\n2. two\n\nAfter.",
        "Text\n```python\n- no list\n```\nmore",
        "- one\n  goes on\n- two\n\nAfter\n* three",
        "# Title\ntext\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "Text with a - dash\n-5 degrees",
        "~~~\n```\n- x\n~~~\n- y",
    ],
)
def test_lists_and_fences_mean_the_same_in_both(source: str) -> None:
    page = markdown(portable(source), extensions=EXTENSIONS)
    jupyter = MarkdownIt("commonmark").enable("table").render(source)
    assert BLOCK.findall(page) == BLOCK.findall(jupyter)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("[One](01_greeting.ipynb) more", "[One](01_greeting.md) more"),
        ("[One](01_greeting.ipynb#name)", "[One](01_greeting.md#name)"),
        ("[Far](https://a.example/b.ipynb)", "[Far](https://a.example/b.ipynb)"),
        ("Open `01_greeting.ipynb`.", "Open `01_greeting.ipynb`."),
    ],
)
def test_a_link_to_a_notebook_leads_to_its_page(source: str, shown: str) -> None:
    assert lesson_page.prose(source) == shown


def test_a_notebook_starts_with_prose(course: Path) -> None:
    edit(course / MASTER, lambda cells: cells.pop(0))
    refused = build_site(course)
    assert refused.status == 2
    assert "does not begin with a title" in " ".join(refused.err.split())
    assert read(course / MASTER).cells[0].is_code
