"""What a learner reads: for each kind of verdict, the whole text, kept as a file."""

import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.display import html, text
from kata.display.html import message
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.verdict import Verdict
from kata.workspace import workspace
from tests.helpers.places import SAMPLE, TESTS

COURSE = Course(SAMPLE)
KEPT = TESTS / "verdicts"

GREET = (
    '#| kata: greeting.name\ndef greet(name: str) -> str:\n    return f"Hello, {name}!"'
)
APP = "#| kata: greeting.hello\nfrom fastapi import FastAPI\n\napp = FastAPI()\n"
HELLO = (
    APP
    + '\n\n@app.get("/hello/{name}")\nasync def hello(name: str) -> dict[str, str]:\n'
)
STUB = COURSE.cells(COURSE.curriculum.kata("greeting.name")).stub

KINDS = {
    "passed": [GREET],
    "untouched": [STUB],
    "untouched_after_green": [GREET, STUB],
    "failed": [GREET.replace("!", "")],
    "failed_with_exchange": [
        GREET,
        HELLO + '    return {"message": greet(name).upper()}',
    ],
    "failed_in_the_handler": [
        GREET,
        HELLO + '    return {"message": greet(int(name))}',
    ],
    "failed_missing_name": ["#| kata: greeting.name\ndef great(name: str) -> str: ..."],
    "broken_syntax": [
        "#| kata: greeting.name\ndef greet(name: str) -> str\n    return 1"
    ],
    "broken_magic": ["#| kata: greeting.name\n%time 1 + 1"],
    "broken_await": ["#| kata: greeting.name\nawait greet('Ada')"],
    "broken_import": ["#| kata: greeting.name\nfrom fastapi import FastApi"],
    "broken_clash": [
        GREET,
        "#| kata: greeting.hello\nfrom fastapi import FastAPI\n\ngreet = FastAPI()",
    ],
    "blocked_missing": [
        HELLO + '    return {"message": greet(name)}\n\n\nGREET = greet'
    ],
    "blocked_by_another": [
        GREET + "\n\n1 / 0",
        HELLO + '    return {"message": greet(name)}',
    ],
    "printed": [GREET + '\n\nprint("hello from the cell")'],
    "variant": [GREET, GREET.replace("\n", "\n#| variant: another way\n", 1)],
}


def last_verdict(cells: list[str], root: Path) -> Verdict:
    loop = Loop(COURSE, workspace.create(root, COURSE), PlainRunner())
    return [loop.run_cell(cell) for cell in cells][-1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_verdict_reads_as_it_was_written(kind: str, tmp_path: Path) -> None:
    verdict = last_verdict(KINDS[kind], tmp_path / "workspace")
    expected = (KEPT / f"{kind}.txt").read_text(encoding="utf-8")
    assert text.render(verdict) + "\n" == expected


def test_what_a_machine_cannot_check_is_no_pass_and_says_what_is_missing(
    tmp_path: Path,
) -> None:
    root = Path(shutil.copytree(SAMPLE, tmp_path / "course"))
    check = root / "checks" / "02_counting" / "test_double.py"
    call = "    pytest.skip('This kata needs a `moon`. Get one, run it again.')\n"
    text_of = check.read_text(encoding="utf-8")
    check.write_text(text_of.replace("    from waybill", f"{call}    from waybill"))
    course = Course(root)
    place = workspace.create(tmp_path / "workspace", course)
    double = course.cells(course.curriculum.kata("counting.double")).reference
    verdict = Loop(course, place, PlainRunner()).run_cell(double)
    expected = (KEPT / "unavailable.txt").read_text(encoding="utf-8")
    assert text.render(verdict) + "\n" == expected


def test_every_kept_text_belongs_to_a_kind() -> None:
    kinds = {*KINDS, "unavailable"}
    assert {path.stem for path in KEPT.iterdir()} == kinds


def words(markup: str) -> list[str]:
    shown = re.sub(r"<details>.*?</details>", " ", markup, flags=re.DOTALL)
    return re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", " ", shown)).lower())


@pytest.mark.parametrize("kind", ["failed_in_the_handler", "broken_syntax", "printed"])
def test_the_html_says_the_same_words_as_the_text(kind: str, tmp_path: Path) -> None:
    verdict = last_verdict(KINDS[kind], tmp_path / "workspace")
    plain = words(text.render(verdict).replace("Rule: ", ""))
    assert words(html.render(verdict)) == plain


def test_what_a_learner_wrote_cannot_become_markup(tmp_path: Path) -> None:
    cell = GREET.replace("Hello", "<script>alert(1)</script>").replace("!", "")
    verdict = last_verdict([cell], tmp_path / "workspace")
    assert "<script>" not in html.render(verdict)
    assert "&lt;script&gt;" in html.render(verdict)
    assert "<b>" not in message("<b>happened</b>", "next")


def test_pytests_own_report_is_one_click_away_and_not_in_the_text(
    tmp_path: Path,
) -> None:
    verdict = last_verdict(KINDS["failed"], tmp_path / "workspace")
    assert "<details><summary>pytest's own report</summary>" in html.render(verdict)
    assert verdict.problem
    assert "AssertionError" in verdict.problem.report
    assert "AssertionError" not in text.render(verdict)
    assert str(tmp_path) not in verdict.problem.report
