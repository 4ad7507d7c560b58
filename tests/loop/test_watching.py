"""What is saved is checked: which katas, when, and what is left alone."""

import pytest

from kata.errors import KataError
from kata.loop.loop import Loop
from kata.loop.watching import Watch
from kata.verdict import Status
from tests.helpers.loop import (
    APP,
    DOUBLE,
    FILE,
    GREET,
    HELLO,
    NAME,
    NUMBERS,
    STUB,
    TWICE,
    change,
    edit,
    history,
    save_cell,
    text,
)
from tests.helpers.rehearsal import Rehearsal


@pytest.fixture
def watch(loop: Loop) -> Watch:
    """Somebody at work on the first kata, who has looked at it once."""
    watch = Watch(loop, NAME)
    watch.open(NAME)
    return watch


def test_a_save_without_a_change_checks_nothing(
    watch: Watch, runner: Rehearsal
) -> None:
    runs = len(runner.jobs)
    watch.loop.workspace.root.joinpath(FILE).touch()
    assert not watch.look()
    assert len(runner.jobs) == runs


def test_the_katas_of_a_changed_file_are_checked_and_no_others(
    watch: Watch,
) -> None:
    for cell in (GREET, APP, TWICE):
        watch.loop.run_cell(cell)
    watch.look()
    edit(watch.loop, "Hello, {name}!", "Hello, dear {name}!")
    assert watch.look()
    assert {*watch.verdicts} == {NAME.id, HELLO.id}


def test_what_was_red_is_checked_again_whatever_is_saved(
    watch: Watch, runner: Rehearsal
) -> None:
    runner.red.add("test_ends_with_a_mark")
    for cell in (GREET, APP, TWICE):
        watch.loop.run_cell(cell)
    watch.look()
    change(watch.loop.workspace, NUMBERS, "2 *", "3 *")
    assert watch.look()
    assert {*watch.verdicts} == {NAME.id, DOUBLE.id}
    assert watch.verdicts[NAME.id].status is Status.FAILED


def test_what_it_writes_itself_is_nobodys_change(watch: Watch) -> None:
    save_cell(watch.loop.workspace, "01_greeting", "name-stub", GREET)
    assert watch.look()
    assert watch.verdicts[NAME.id].status is Status.PASSED
    assert not watch.look()


def test_a_cell_that_was_run_before_it_was_saved_is_not_run_again(
    watch: Watch,
) -> None:
    watch.loop.run_cell(GREET)
    assert watch.look()
    runs = len(history(watch.loop))
    save_cell(watch.loop.workspace, "01_greeting", "name-stub", GREET)
    assert not watch.look()
    assert len(history(watch.loop)) == runs


def test_a_notebook_in_the_middle_of_being_saved_is_passed_over(
    watch: Watch,
) -> None:
    notebook = watch.loop.workspace.root / "01_greeting.ipynb"
    whole = notebook.read_text(encoding="utf-8")
    for text_on_disk in (whole[:100], whole):
        notebook.write_text(text_on_disk, encoding="utf-8")
        assert not watch.look()


def test_a_copy_of_a_notebook_with_older_code_runs_nothing(watch: Watch) -> None:
    watch.loop.run_cell(GREET)
    watch.look()
    root = watch.loop.workspace.root
    (root / "copy.ipynb").write_bytes((root / "01_greeting.ipynb").read_bytes())
    assert not watch.look()
    assert "Hello, {name}!" in text(watch.loop)


def test_a_file_in_the_middle_of_a_sentence_is_said_and_kept(watch: Watch) -> None:
    watch.loop.run_cell(GREET)
    watch.look()
    edit(watch.loop, 'return f"Hello, {name}!"', "return f(")
    assert watch.look()
    assert "return f(" in text(watch.loop)
    assert "return f(" in history(watch.loop)[-1].source


def test_next_goes_round_the_katas_that_are_not_green(watch: Watch) -> None:
    visited = []
    for _ in range(3):
        watch.next()
        visited.append(watch.at.id)
    assert visited == [HELLO.id, DOUBLE.id, NAME.id]
    for cell in (GREET, APP, TWICE):
        watch.loop.run_cell(cell)
    with pytest.raises(KataError, match="No kata is open"):
        watch.next()


def test_turning_to_a_kata_never_replaces_an_answer(watch: Watch) -> None:
    watch.loop.run_cell(GREET)
    before = text(watch.loop)
    watch.open(NAME)
    assert text(watch.loop) == before
    assert STUB not in {one.source for one in history(watch.loop)[1:]}


def test_a_saved_cell_whose_first_line_is_nearly_right_is_named_once(
    watch: Watch,
) -> None:
    missed = GREET.replace("#| kata", "# | kata")
    save_cell(watch.loop.workspace, "01_greeting", "name-stub", missed)
    assert watch.look()
    (note,) = watch.loop.told()
    assert "A cell saved in 01_greeting.ipynb was not run" in note
    assert not watch.look()
    watch.open(NAME)
    assert note in watch.verdicts[NAME.id].notes
    save_cell(watch.loop.workspace, "01_greeting", "name-stub", GREET)
    assert watch.look()
    assert watch.verdicts[NAME.id].status is Status.PASSED
    assert not watch.loop.told()
