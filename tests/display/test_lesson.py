"""What `%lesson` shows: each kata with its status, and the one next step."""

from pathlib import Path

import pytest

from kata.display.lesson import view
from kata.loop.loop import Loop
from kata.runner.plain import PlainRunner
from kata.verdict import Status
from kata.workspace.workspace import create
from tests.helpers.loop import APP, COURSE, GREET, GREETING, HELLO, NAME


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    """A loop with an answer to each kata of the first lesson; nothing is run."""
    loop = Loop(COURSE, create(tmp_path / "my-waybill", COURSE), PlainRunner())
    loop.workspace.write_all(
        COURSE.reference(GREETING.katas, {NAME.id: GREET, HELLO.id: APP})
    )
    for kata, cell in ((NAME, GREET), (HELLO, APP)):
        loop.progress.write_region(kata.id, cell)
    return loop


@pytest.mark.parametrize(
    ("name", "hello", "following"),
    [
        (Status.FAILED, Status.PASSED, "greeting.name (A name)"),
        (Status.UNAVAILABLE, Status.FAILED, "greeting.hello"),
        (Status.PASSED, Status.PASSED, "every kata here is green"),
        (Status.PASSED, Status.UNAVAILABLE, "nothing that can be checked here is left"),
    ],
)
def test_what_cannot_be_checked_here_is_neither_green_nor_the_next_step(
    name: Status, hello: Status, following: str, loop: Loop
) -> None:
    loop.progress.judge_region(NAME.id, name)
    loop.progress.judge_region(HELLO.id, hello)
    shown = view(loop, GREETING, []).text()
    assert following in shown
    assert shown.count("every kata here is green") == following.count("every kata")
