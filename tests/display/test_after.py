"""What follows a green verdict: a next step by name, and our answer, folded."""

from dataclasses import replace
from pathlib import Path

import pytest

from kata.display import html, text
from kata.display.after import After, after_green
from kata.display.markdown import rendered
from kata.loop.loop import Loop
from kata.loop.next_step import Next
from kata.loop.reveal import Revealed
from kata.verdict import Status, Verdict
from kata.workspace.workspace import create
from tests.helpers.cli import answer, workspace
from tests.helpers.cli import kata as run_kata
from tests.helpers.kernel import kernel
from tests.helpers.loop import APP, COURSE, DOUBLE, GREET, HELLO, NAME
from tests.helpers.rehearsal import Rehearsal


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    return Loop(COURSE, create(tmp_path / "my-waybill", COURSE), Rehearsal())


def praise(loop: Loop, cell: str) -> str:
    verdict = loop.run_cell(cell)
    after = after_green(loop, loop.course.curriculum.kata(verdict.kata), "%diff")
    return after.praise if after else ""


def test_the_next_kata_is_named_and_where_it_is(loop: Loop) -> None:
    double = COURSE.cells(DOUBLE).reference
    assert praise(loop, GREET) == (
        "Well done. Next: `greeting.hello`, in this notebook."
    )
    assert praise(loop, APP) == (
        "Well done. Next: `counting.double`, in 02_counting.ipynb."
    )
    assert praise(loop, double).startswith("Well done. Every kata is green")


def test_what_was_passed_over_in_this_notebook_comes_before_the_next_one(
    loop: Loop,
) -> None:
    assert "`greeting.name`, in this notebook" in praise(loop, APP)


def test_nothing_follows_a_verdict_that_is_not_green(loop: Loop) -> None:
    loop.run_cell(COURSE.cells(NAME).stub)
    assert after_green(loop, HELLO, "%diff") is None


ANSWER = Revealed(
    NAME.id,
    (),
    "def greet(): return '<b>'",
    (("with <format>", "def greet(): return 'b'"),),
    "Because **it** `works`.\n\n- one\n\n<script>bad()</script>",
)
GREEN = Verdict(NAME.id, "…", Status.PASSED, "waybill/hello.py")


def test_our_answer_is_folded_and_its_reasons_are_rendered() -> None:
    after = After(NAME.id, Next(HELLO, "01.ipynb", here=True), "%diff", ANSWER)
    markup = html.render(GREEN, after)
    fold = markup.partition("<details><summary>Our answer and why</summary>")[2]
    assert "return &#x27;&lt;b&gt;&#x27;" in fold
    assert "<strong>it</strong> <code>works</code>" in fold
    assert "<li>one</li>" in fold
    assert "with &lt;format&gt;" in fold
    assert "<script>" not in fold
    said = text.render(GREEN, after)
    assert said.endswith("Our answer and why: `%diff greeting.name`.")
    assert "return" not in said


def test_markdown_keeps_its_code_and_shows_html_as_text() -> None:
    assert "white-space:pre-wrap" in rendered("```\na  b\n```")
    assert "&lt;img" in rendered("<img src=x>")


def test_a_green_verdict_folds_its_rules_and_says_how_many_hold(loop: Loop) -> None:
    verdict = loop.run_cell(GREET)
    assert "all 2 rules hold" in text.render(verdict)
    assert "A greeting holds" not in text.render(verdict)
    markup = html.render(verdict)
    assert "<details><summary>What holds: 2 rules</summary><ul" in markup


def test_starting_code_folds_its_rules_since_its_task_has_said_them(loop: Loop) -> None:
    verdict = replace(loop.run_cell(GREET), status=Status.UNTOUCHED)
    markup = html.render(verdict)
    assert "<details><summary>Your task: 2 rules</summary><ul" in markup
    assert "A greeting holds" not in text.render(verdict)


def test_the_notebook_shows_the_fold_and_a_master_does_not(tmp_path: Path) -> None:
    place = workspace(tmp_path / "my-waybill")
    with kernel(place) as started:
        shown = started.run(GREET)
    assert "Our answer and why</summary>" in shown.html
    assert "Next: `greeting.hello`, in this notebook." in shown.plain
    with kernel(place, KATA_OUTPUTS="stored") as started:
        stored = started.run(GREET)
    assert stored.plain == shown.plain
    assert "Our answer and why" not in stored.html


def test_the_terminal_names_the_next_kata_and_its_own_command(tmp_path: Path) -> None:
    place = workspace(tmp_path / "my-waybill")
    for cell in (GREET, APP):
        answer(place, cell)
    said = run_kata("check", "greeting.hello", cwd=place.root).out
    assert "Next: `counting.double`, in 02_counting.ipynb." in said
    assert "`kata diff greeting.hello`" in said
    assert "Next:" not in run_kata("check", cwd=place.root).out
