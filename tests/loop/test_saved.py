"""What is saved in a notebook and was never run: when that is the answer."""

import os

import pytest

from kata.course.curriculum import Kata
from kata.loop.loop import Loop
from kata.loop.saved import Saved
from kata.runner.plain import PlainRunner
from kata.verdict import Status, Verdict
from kata.workspace.workspace import Workspace
from tests.helpers.loop import (
    APP,
    COUNTING,
    GREET,
    HELLO,
    NAME,
    STUB,
    edit,
    history,
    said,
    save_cell,
    service,
    text,
)
from tests.helpers.rehearsal import Rehearsal

NOTEBOOK = "01_greeting.ipynb"
OTHER = GREET.replace("Hello", "Hi")
STAYS = f"The cell saved in {NOTEBOOK} holds other code, which was never run."


def save(loop: Loop, source: str) -> None:
    save_cell(loop.workspace, "01_greeting", "name-stub", source)


def check(loop: Loop, kata: Kata = NAME) -> Verdict:
    return Saved(loop).check(kata)


def test_it_is_the_answer_where_there_is_none(loop: Loop, runner: Rehearsal) -> None:
    for first in ("", STUB):
        if first:
            runner.red.add("test_ends_with_a_mark")
            loop.run_cell(first)
        save(loop, GREET + "\n# " + first[:3])
        verdict = check(loop)
        assert f"run as it is saved in {NOTEBOOK}" in said(verdict)
        assert 'f"Hello, {name}!"' in text(loop)
        loop.reset(NAME)


def test_it_is_run_once(loop: Loop) -> None:
    save(loop, GREET)
    assert check(loop).notes
    assert not check(loop).notes
    assert len(history(loop)) == 1


def test_starting_code_is_no_answer(loop: Loop) -> None:
    save(loop, f"{STUB}\n   \n")
    assert check(loop).status is Status.UNTOUCHED
    assert not service(loop)


def test_starting_code_of_the_lesson_as_it_was_given_is_no_answer(loop: Loop) -> None:
    older = STUB.replace("Greet somebody", "Greet")
    save(loop, older)
    given = Workspace(loop.workspace.root / ".kata" / "given")
    save_cell(given, "01_greeting", "name-stub", older)
    assert check(loop).status is Status.UNTOUCHED
    assert not service(loop)


def test_a_red_answer_gives_way_to_what_was_saved_after_it(
    loop: Loop, runner: Rehearsal
) -> None:
    runner.red.add("test_ends_with_a_mark")
    loop.run_cell(GREET)
    save(loop, OTHER)
    check(loop)
    assert "Hi, {name}!" in text(loop)


def test_what_was_run_after_the_save_is_the_answer(
    loop: Loop, runner: Rehearsal
) -> None:
    save(loop, "#| kata: greeting.name\ndef gre")
    os.utime(loop.workspace.root / NOTEBOOK, (1e9, 1e9))
    runner.red.add("test_ends_with_a_mark")
    loop.run_cell(GREET)
    verdict = check(loop)
    assert verdict.status is Status.FAILED
    assert STAYS in said(verdict)
    assert "Hello, {name}!" in text(loop)


def test_a_green_answer_is_never_lost_to_what_was_only_saved(loop: Loop) -> None:
    loop.run_cell(GREET)
    save(loop, OTHER)
    verdict = check(loop)
    assert verdict.status is Status.PASSED
    assert STAYS in said(verdict)
    assert "Hello, {name}!" in text(loop)


def test_what_was_changed_in_an_editor_stays(loop: Loop, runner: Rehearsal) -> None:
    runner.red.add("test_ends_with_a_mark")
    loop.run_cell(GREET)
    edit(loop, "{name}!", "dear {name}!")
    save(loop, OTHER)
    for _ in range(2):  # the first takes the change for the answer
        assert STAYS in said(check(loop))
    assert "dear {name}!" in text(loop)


def test_an_answer_of_one_s_own_solves_what_was_given(loop: Loop) -> None:
    loop.catch_up(COUNTING)
    assert check(loop).status is Status.GIVEN
    save(loop, GREET)  # the reference, word for word
    assert check(loop).status is Status.PASSED
    assert loop.status(NAME) is Status.PASSED


def test_a_copy_of_a_notebook_comes_after_the_lesson_s_own(loop: Loop) -> None:
    save(loop, OTHER)
    own = loop.workspace.root / NOTEBOOK
    (loop.workspace.root / "copy of 01.ipynb").write_bytes(own.read_bytes())
    save(loop, GREET)
    check(loop)
    assert "Hello, {name}!" in text(loop)


def test_what_a_kata_waits_for_is_run_before_it(loop: Loop) -> None:
    real = Loop(loop.course, loop.workspace, PlainRunner())
    save(real, GREET)
    save_cell(real.workspace, "01_greeting", "hello-stub", APP)
    assert check(real, HELLO).status is Status.PASSED
    assert real.status(NAME) is Status.PASSED


@pytest.mark.parametrize("line", [f"# | kata: {NAME.id}", f"#|kata {NAME.id}"])
def test_a_cell_whose_first_line_is_nearly_right_is_named(
    line: str, loop: Loop
) -> None:
    save(loop, GREET.replace(f"#| kata: {NAME.id}", line))
    verdict = check(loop)
    assert verdict.status is Status.UNTOUCHED
    assert f"A cell saved in {NOTEBOOK} was not run: its line 1, `{line}`" in said(
        verdict
    )
    assert f"Make `#| kata: {NAME.id}` the first line" in said(verdict)
    assert "nearly" not in said(check(loop, HELLO))
    save(loop, GREET)
    verdict = check(loop)
    assert verdict.status is Status.PASSED
    assert "nearly" not in said(verdict)
