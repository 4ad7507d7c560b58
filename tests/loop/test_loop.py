"""The loop: what a run writes, keeps and tells; and that nothing is ever lost."""

import pytest

from kata.errors import KataError
from kata.loop.loop import Loop
from kata.progress.records import Attempt, Origin
from kata.runner.plain import PlainRunner
from kata.verdict import Outcome, Status
from tests.helpers.loop import (
    APP,
    COUNTING,
    COURSE,
    FILE,
    GREET,
    GREETING,
    HELLO,
    NAME,
    NAME_CELLS,
    STUB,
    edit,
    history,
    said,
    service,
    text,
)
from tests.helpers.rehearsal import Rehearsal


def test_an_attempt_is_stored_before_anything_is_run(
    loop: Loop, runner: Rehearsal
) -> None:
    seen: list[Attempt] = []
    runner.before = lambda _: seen.extend(history(loop))
    loop.run_cell(GREET)
    (attempt,) = seen
    assert (attempt.source, attempt.status) == (GREET, None)
    assert [one.status for one in history(loop)] == [Status.PASSED]


def test_an_attempt_is_stored_even_if_the_run_is_interrupted(
    loop: Loop, runner: Rehearsal
) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    runner.before = interrupt
    with pytest.raises(KeyboardInterrupt):
        loop.run_cell(GREET)
    assert [one.source for one in history(loop)] == [GREET]
    assert loop.status(NAME) is not Status.PASSED


def test_a_cell_becomes_its_region_of_the_file(loop: Loop) -> None:
    verdict = loop.run_cell(GREET)
    assert verdict.status is Status.PASSED
    assert service(loop) == {
        path: content.encode() for path, content in COURSE.reference([NAME]).items()
    }


def test_cells_make_the_reference_in_whatever_order_they_run(loop: Loop) -> None:
    for source in (APP, STUB, GREET):
        loop.run_cell(source)
    assert service(loop) == {
        path: content.encode()
        for path, content in COURSE.reference([NAME, HELLO]).items()
    }


def test_a_cell_run_twice_is_harmless(loop: Loop) -> None:
    loop.run_cell(GREET)
    before = service(loop)
    verdict = loop.run_cell(GREET)
    assert (verdict.status, verdict.notes) == (Status.PASSED, ())
    assert service(loop) == before


def test_a_file_that_stays_the_same_is_not_written_again(loop: Loop) -> None:
    loop.run_cell(GREET)
    path = loop.workspace.root / FILE
    before = path.stat()
    loop.run_cell(GREET)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("def greet(name: str) -> str", "expected ':'"),
        ("return 1", "outside function"),
        ("x = '\0'", "null bytes"),
        ("x = '\ud800'", "surrogates"),
        ("# kata: greeting.hello\nx = 1", "no cell may hold one"),
        ("from waybill.hello import app", "already defines `app`"),
        ("from x import FastAPI", "can mean only one of them"),
        ("app = 1", "already defines `app`, by the kata greeting.hello"),
    ],
)
def test_a_cell_that_is_refused_leaves_the_file_and_is_kept(
    body: str, words: str, loop: Loop, runner: Rehearsal
) -> None:
    loop.run_cell(GREET)
    loop.run_cell(APP)
    before, runs = service(loop), len(runner.jobs)
    source = f"#| kata: {NAME.id}\n{body}"
    verdict = loop.run_cell(source)
    assert verdict.status is Status.BROKEN
    assert words in said(verdict)
    assert verdict.problem
    assert verdict.problem.next_step
    assert f"{FILE} is as it was." in verdict.notes
    assert service(loop) == before
    assert len(runner.jobs) == runs
    assert history(loop)[-1].status is Status.BROKEN
    assert history(loop)[-1].source == source.replace("\ud800", "\\ud800")
    assert loop.status(NAME) is Status.PASSED


def test_a_refused_cell_names_the_line(loop: Loop) -> None:
    verdict = loop.run_cell(f"#| kata: {NAME.id}\n\n\nx = (")
    assert verdict.problem
    assert verdict.problem.line
    assert (verdict.problem.line.number, verdict.problem.line.text) == (4, "x = (")


def test_an_unknown_kata_is_refused_before_anything_happens(
    loop: Loop, runner: Rehearsal
) -> None:
    with pytest.raises(KataError, match=r"no kata `greeting\.nane`"):
        loop.run_cell("#| kata: greeting.nane\nx = 1")
    assert not runner.jobs
    assert not (loop.workspace.root / "waybill").exists()


def test_a_stub_is_written_where_the_region_is_missing(
    loop: Loop, runner: Rehearsal
) -> None:
    runner.red.add("test_ends_with_a_mark")
    verdict = loop.run_cell(STUB)
    assert verdict.status is Status.UNTOUCHED
    assert 'return "Hello!"' in text(loop)
    assert loop.status(NAME) is Status.UNTOUCHED


@pytest.mark.parametrize("red", [set(), {"test_ends_with_a_mark"}])
def test_a_stub_never_replaces_an_answer_green_or_red(
    red: set[str], loop: Loop, runner: Rehearsal
) -> None:
    runner.red = red
    status = loop.run_cell(GREET).status
    before = service(loop)
    verdict = loop.run_cell(STUB.replace("\n", "  \r\n"))
    assert service(loop) == before
    assert loop.status(NAME) is status
    assert verdict.status is status
    assert "keeps the answer you ran before" in said(verdict)
    assert f"kata history {NAME.id}" in said(verdict)


def test_a_stub_that_was_edited_is_an_answer(loop: Loop) -> None:
    loop.run_cell(GREET)
    loop.run_cell(STUB.replace("Hello!", "Hello, you!"))
    assert "Hello, you!" in text(loop)


def test_running_all_of_an_untouched_copy_after_green_changes_nothing(
    loop: Loop, runner: Rehearsal
) -> None:
    katas = COURSE.curriculum.katas
    for kata in katas:
        assert loop.run_cell(COURSE.cells(kata).reference).status is Status.PASSED
    before, runs = service(loop), len(runner.jobs)
    for kata in katas:
        verdict = loop.run_cell(COURSE.cells(kata).stub)
        assert verdict.status is Status.PASSED
        assert {rule.outcome for rule in verdict.rules} == {Outcome.HOLDS}
    assert service(loop) == before
    assert len(runner.jobs) == runs + len(katas)  # what is on disk was checked
    assert {loop.status(kata) for kata in katas} == {Status.PASSED}


def test_a_variant_is_checked_and_not_kept(loop: Loop, runner: Rehearsal) -> None:
    loop.run_cell(GREET)
    before = service(loop)
    texts: list[str] = []
    runner.before = lambda job: texts.append((job.root / FILE).read_text("utf-8"))
    variant = NAME_CELLS.solutions[1]
    verdict = loop.run_cell(variant)
    assert verdict.status is Status.PASSED
    assert '"Hello, {}!".format(name)' in texts[0]
    assert "checked, not kept" in said(verdict)
    assert service(loop) == before
    assert not runner.jobs[-1].root.exists()
    assert history(loop)[-1].source == variant
    runner.red.add("test_ends_with_a_mark")
    assert loop.run_cell(variant).status is Status.FAILED
    assert loop.status(NAME) is Status.PASSED


def test_checking_changes_no_file(loop: Loop) -> None:
    assert loop.check(NAME).status is Status.UNTOUCHED
    loop.run_cell(GREET)
    before = service(loop)
    assert loop.check(NAME).status is Status.PASSED
    assert service(loop) == before


def test_a_stub_checked_on_disk_is_a_task(loop: Loop, runner: Rehearsal) -> None:
    runner.red.add("test_ends_with_a_mark")
    loop.run_cell(STUB)
    assert loop.check(NAME).status is Status.UNTOUCHED


def test_catching_up_fills_what_is_missing_and_keeps_your_answers(
    loop: Loop, runner: Rehearsal
) -> None:
    mine = GREET.replace("Hello", "Hi")
    runner.red.add("test_ends_with_a_mark")
    loop.run_cell(mine)
    assert loop.catch_up(COUNTING) == [HELLO]
    assert "Hi, {name}!" in text(loop)
    assert loop.status(NAME) is Status.FAILED
    assert loop.status(HELLO) is Status.GIVEN
    (attempt,) = loop.progress.history(HELLO.id)
    assert (attempt.origin, attempt.source) == (Origin.REFERENCE, APP)
    assert loop.catch_up(COUNTING) == []


def test_catching_up_replaces_stubs_and_nothing_of_later_lessons(loop: Loop) -> None:
    loop.run_cell(STUB)
    assert loop.catch_up(GREETING) == []
    assert loop.catch_up(COUNTING) == [NAME, HELLO]
    assert service(loop) == {
        path: content.encode()
        for path, content in COURSE.reference([NAME, HELLO]).items()
    }


def test_a_damaged_progress_file_is_told_with_the_next_verdict(loop: Loop) -> None:
    loop.run_cell(GREET)
    loop.workspace.progress_path.write_bytes(b"damaged" * 1000)
    verdict = loop.run_cell(GREET)
    assert verdict.status is Status.PASSED
    assert "progress.damaged-1.db" in said(verdict)
    assert "editor" not in said(verdict)
    assert not loop.run_cell(GREET).notes


def test_what_another_python_wrote_is_in_nobodys_way(loop: Loop) -> None:
    loop.progress.write_region(HELLO.id, "not for = this Python")
    assert loop.status(HELLO) is Status.UNTOUCHED
    assert loop.run_cell(GREET).status is Status.PASSED


def test_a_line_is_the_one_that_an_editor_shows(loop: Loop) -> None:
    verdict = loop.run_cell(f'#| kata: {NAME.id}\nX = "\u2028\x0c"\ny = (')
    assert verdict.problem
    assert verdict.problem.line
    assert verdict.problem.line.text == "y = ("


@pytest.fixture
def real(loop: Loop) -> Loop:
    return Loop(loop.course, loop.workspace, PlainRunner())


def test_a_missing_earlier_region_blocks_and_is_named(real: Loop) -> None:
    verdict = real.run_cell(APP)
    assert (verdict.status, verdict.waits_for) == (Status.BLOCKED, NAME.id)
    assert NAME.id in said(verdict)


def test_another_region_that_does_not_run_is_named_and_left_out(real: Loop) -> None:
    real.run_cell(GREET)
    real.run_cell(APP)
    edit(real, "app = FastAPI()", "app = FastAPI(")
    verdict = real.run_cell(GREET.replace("Hello", "Hi"))
    assert verdict.status is Status.PASSED
    assert f"Left out here: {HELLO.id}, whose code raised Syntax" in said(verdict)


def test_a_line_of_a_file_is_the_one_that_an_editor_shows(real: Loop) -> None:
    real.run_cell(f'#| kata: {NAME.id}\nX = "\u2028\x0c"\n1 / 0')
    verdict = real.check(NAME)
    assert verdict.problem
    assert verdict.problem.line
    assert verdict.problem.line.text == "1 / 0"
