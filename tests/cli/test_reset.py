"""`kata reset`, `%reset_kata` and `kata history --restore`: there and back again."""

import re
from pathlib import Path

import pytest

from kata.errors import KataError
from kata.loop.loop import Loop
from kata.progress.records import Origin
from kata.verdict import Status
from kata.workspace.workspace import Workspace
from tests.helpers.cli import answer, kata, too_wide, workspace
from tests.helpers.kernel import kernel
from tests.helpers.loop import (
    APP,
    FILE,
    GREET,
    HELLO,
    NAME,
    NAME_CELLS,
    STUB,
    edit,
    history,
    service,
    text,
)

RED = GREET.replace("!", "?")
VARIANT = NAME_CELLS.solutions[1]


@pytest.fixture
def answered(tmp_path: Path) -> Workspace:
    """A workspace with a red and then a green attempt at the first kata."""
    place = workspace(tmp_path / "my-waybill")
    answer(place, RED)
    answer(place, GREET)
    return place


def file_of(place: Workspace) -> str:
    return place.read(FILE) or ""


def test_reset_leaves_the_file_as_the_stub_alone_would_have_made_it(
    loop: Loop,
) -> None:
    for cell in (STUB, APP):
        loop.run_cell(cell)
    before = service(loop)
    loop.run_cell(GREET.replace("\n", "\nimport json\n\nprint(json.dumps(1))\n\n", 1))
    assert service(loop) != before
    loop.reset(NAME)
    assert service(loop) == before
    assert loop.status(NAME) is Status.UNTOUCHED
    assert loop.status(HELLO) is Status.PASSED


def test_reset_leaves_what_others_wrote_into_the_file(loop: Loop) -> None:
    for cell in (GREET, APP):
        loop.run_cell(cell)
    edit(loop, "app = FastAPI()", 'app = FastAPI(title="Mine")')
    edit(loop, "from fastapi", "import json  # mine\nfrom fastapi")
    loop.reset(NAME)
    assert 'app = FastAPI(title="Mine")' in text(loop)
    assert "import json  # mine" in text(loop)


def test_an_edit_that_nobody_has_seen_is_kept_before_it_is_reset(loop: Loop) -> None:
    loop.run_cell(GREET)
    edit(loop, "Hello, {name}!", "Good day, {name}!")
    number = loop.reset(NAME)
    last = history(loop)[-1]
    assert (number, last.origin) == (len(history(loop)), Origin.EDITOR)
    loop.restore(NAME, number)
    assert "Good day, {name}!" in text(loop)


def test_what_an_attempt_replaces_is_kept_once(loop: Loop) -> None:
    loop.run_cell(GREET)
    edit(loop, "Hello, {name}!", "Good day, {name}!")
    loop.restore(NAME, 1)
    kept = [one for one in history(loop) if "Good day" in one.source]
    assert [one.origin for one in kept] == [Origin.EDITOR]


def test_an_edit_in_the_middle_of_a_sentence_is_kept_as_well(loop: Loop) -> None:
    loop.run_cell(GREET)
    edit(loop, 'return f"Hello, {name}!"', "return f(")
    number = loop.reset(NAME)
    assert "return f(" in history(loop)[number - 1].source
    assert loop.status(NAME) is Status.UNTOUCHED
    refused = loop.restore(NAME, number)
    assert refused.status is Status.BROKEN
    assert not any("again" in note for note in refused.notes)


def test_what_an_editor_imported_comes_back_with_the_attempt(loop: Loop) -> None:
    loop.run_cell(GREET.replace("\n", "\nimport json\n\nJSON = json\n\n", 1))
    edit(loop, "Hello, {name}!", "Hey, {name}!")
    loop.check(NAME)
    number = loop.reset(NAME)
    assert "import json" not in text(loop)
    loop.restore(NAME, number)
    assert "import json" in text(loop)
    assert "Hey, {name}!" in text(loop)


def test_the_command_says_how_to_get_back_what_was_there(answered: Workspace) -> None:
    before = file_of(answered)
    shown = kata("reset", NAME.id, cwd=answered.root)
    assert shown.status == 0
    said = " ".join(shown.out.split())
    back = re.search(r"`kata (history greeting\.name --restore 2)`", said)
    assert too_wide(shown.out) == []
    assert back
    assert "your task again" in shown.out
    assert 'return "Hello!"' in file_of(answered)
    assert re.search(r"your task +greeting\.name", kata(cwd=answered.root).out)
    restored = kata(*back[1].split(), cwd=answered.root)
    assert restored.status == 0
    assert restored.out.startswith("PASSED: greeting.name")
    assert "Attempt 2 is in waybill/hello.py again" in restored.out
    assert file_of(answered) == before


def test_a_kata_without_an_answer_needs_no_reset(tmp_path: Path) -> None:
    place = workspace(tmp_path / "my-waybill")
    for _ in range(2):
        shown = kata("reset", NAME.id, cwd=place.root)
        assert shown.status == 0
        assert "nothing to reset" in shown.out
        answer(place, STUB)


def test_a_restored_attempt_is_checked_and_the_other_one_stays_in_history(
    answered: Workspace,
) -> None:
    shown = kata("history", NAME.id, "--restore", "1", cwd=answered.root)
    assert shown.status == 1
    assert shown.out.startswith("NOT YET: greeting.name")
    assert "What was there is attempt 2." in " ".join(shown.out.split())
    assert "Hello, {name}?" in file_of(answered)
    kept = kata("history", NAME.id, "--show", "2", cwd=answered.root)
    assert kept.out == f"{GREET}\n"


def test_an_answer_that_was_tried_beside_becomes_the_answer(loop: Loop) -> None:
    loop.run_cell(GREET)
    loop.run_cell(VARIANT)
    assert ".format(name)" not in text(loop)
    assert loop.restore(NAME, 2).status is Status.PASSED
    assert ".format(name)" in text(loop)


def test_to_restore_the_starting_code_is_to_reset(loop: Loop) -> None:
    for cell in (STUB, GREET):
        loop.run_cell(cell)
    assert loop.restore(NAME, 1).status is Status.PASSED  # a rehearsal: nothing fails
    assert loop.status(NAME) is Status.UNTOUCHED
    assert GREET in {one.source for one in history(loop)}


def test_an_attempt_that_there_is_not_is_a_message(loop: Loop) -> None:
    loop.run_cell(GREET)
    with pytest.raises(KataError, match="has no attempt 2; it has 1"):
        loop.restore(NAME, 2)


def test_show_and_restore_are_not_said_together(answered: Workspace) -> None:
    both = kata("history", NAME.id, "--show", "1", "--restore", "1", cwd=answered.root)
    assert both.status == 2
    assert "Choose one." in both.err


def test_the_magic_turns_its_cell_into_the_starting_code(answered: Workspace) -> None:
    with kernel(answered) as notebook:
        shown = notebook.run(f"%reset_kata {NAME.id}")
        assert shown.cells == [(STUB, True)]
        assert "--restore 2" in shown.plain
        assert ">kata history greeting.name --restore 2</code>" in shown.html
        assert 'return "Hello!"' in file_of(answered)
        assert f"YOUR TASK: {NAME.id}" in notebook.run(STUB).plain
        crowded = notebook.run(f"note = 1\n%reset_kata {NAME.id}")
        assert crowded.cells == [(STUB, False)]
        assert "nothing to reset" in crowded.plain
        assert "Which kata?" in notebook.run("%reset_kata").plain
        assert "Did you mean" in notebook.run("%reset_kata greeting.nmae").plain
