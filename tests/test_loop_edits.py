"""What people change in an editor: kept, told, and never taken for judged."""

from typing import TYPE_CHECKING

from kata.loop.loop import Loop
from kata.progress.records import Origin
from kata.verdict import Status
from tests.loop_helpers import (
    APP,
    FILE,
    GREET,
    NAME,
    edit,
    history,
    said,
    service,
    text,
)

if TYPE_CHECKING:
    from tests.conftest import Rehearsal


def test_a_region_changed_in_an_editor_is_kept_before_it_is_replaced(
    loop: Loop,
) -> None:
    loop.run_cell(GREET)
    edit(loop, "Hello, {name}!", "Good day, {name}!")
    mine = GREET.replace("Hello", "Hi")
    verdict = loop.run_cell(mine)
    assert "Hi, {name}!" in text(loop)
    assert "changed in an editor" in said(verdict)
    assert f"kata history {NAME.id}" in said(verdict)
    kept = [one for one in history(loop) if one.origin is Origin.EDITOR]
    assert ["Good day" in one.source for one in kept] == [True]
    assert not loop.run_cell(mine).notes


def test_a_refused_cell_does_not_claim_to_have_replaced_anything(loop: Loop) -> None:
    loop.run_cell(GREET)
    loop.run_cell(APP)
    edit(loop, "Hello, {name}!", "Good day, {name}!")
    verdict = loop.run_cell(f"#| kata: {NAME.id}\napp = 1")
    assert "replaced" not in said(verdict)
    assert "Good day" in text(loop)


def test_what_is_changed_elsewhere_in_the_file_stays(loop: Loop) -> None:
    loop.run_cell(GREET)
    loop.run_cell(APP)
    edit(loop, "app = FastAPI()", 'app = FastAPI(title="Mine")')
    edit(loop, "# kata: greeting.name", "MINE = 1\n\n\n# kata: greeting.name")
    edit(loop, "from fastapi", "import json  # mine\nfrom fastapi")
    verdict = loop.run_cell(GREET.replace("Hello", "Hi"))
    assert not verdict.notes
    for mine in ('title="Mine"', "MINE = 1", "import json  # mine", "Hi, {name}!"):
        assert mine in text(loop)


def test_another_part_in_the_middle_of_a_sentence_stays_as_it_is(loop: Loop) -> None:
    loop.run_cell(GREET)
    loop.run_cell(APP)
    edit(loop, "app = FastAPI()", "app = FastAPI(")
    loop.run_cell(GREET.replace("Hello", "Hi"))
    assert "app = FastAPI(\n" in text(loop)


def test_a_file_that_does_not_parse_at_its_top_is_left_alone(loop: Loop) -> None:
    loop.run_cell(GREET)
    edit(loop, '"""Says hello."""', '"""Says hello."""\n\nimport (')
    before = service(loop)
    verdict = loop.run_cell(GREET.replace("Hello", "Hi"))
    assert verdict.status is Status.BROKEN
    assert f"{FILE}, line 3, is not valid Python" in said(verdict)
    assert service(loop) == before


def test_an_answer_changed_since_it_was_judged_is_not_green(loop: Loop) -> None:
    loop.run_cell(GREET)
    assert loop.status(NAME) is Status.PASSED
    edit(loop, "Hello, {name}!", "Hello!!")
    assert loop.status(NAME) is Status.FAILED
    edit(loop, "Hello!!", "Hello, {name}!")
    assert loop.status(NAME) is Status.PASSED


def test_an_answer_written_in_an_editor_is_green_once_it_was_checked(
    loop: Loop, runner: "Rehearsal"
) -> None:
    loop.run_cell(GREET)
    edit(loop, "Hello, {name}!", "Good day, {name}!")
    assert loop.check(NAME).status is Status.PASSED
    assert loop.status(NAME) is Status.PASSED
    last = history(loop)[-1]
    assert (last.origin, last.status) == (Origin.EDITOR, Status.PASSED)
    runs = len(history(loop))
    loop.check(NAME)
    assert len(history(loop)) == runs
    loop.run_cell(APP)
    assert loop.status(NAME) is Status.PASSED
    runner.red.add("test_ends_with_a_mark")
    assert loop.check(NAME).status is Status.FAILED
    assert loop.status(NAME) is Status.FAILED


def test_the_status_of_an_edited_answer_is_not_that_of_the_one_before(
    loop: Loop, runner: "Rehearsal"
) -> None:
    runner.red.add("test_ends_with_a_mark")
    loop.run_cell(GREET.replace("!", ""))
    edit(loop, "{name}", "{name}!")
    runner.red.clear()
    loop.check(NAME)
    edit(loop, "{name}!", "{name}")
    assert loop.status(NAME) is Status.FAILED


def test_a_region_that_was_deleted_is_a_task_again(loop: Loop) -> None:
    loop.run_cell(GREET)
    (loop.workspace.root / FILE).unlink()
    assert loop.status(NAME) is Status.UNTOUCHED
    assert loop.run_cell(GREET).status is Status.PASSED
