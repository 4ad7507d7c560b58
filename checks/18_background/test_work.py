"""Checks of background.work: job after job, until somebody asks for the end."""

import asyncio
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError

Patiently = Callable[[], AbstractContextManager[Any]]
LONGEST = 15
"""Seconds after which a worker that never ends is ended."""
NO_DATABASE = OperationalError("SELECT", {}, Exception("the database is gone"))


class Script:
    """Stands in for `run_next` and `rest`: does as it is told, and notes each step."""

    def __init__(self, *steps: Any) -> None:  # noqa: ANN401
        self.steps = list(steps)
        self.stop = asyncio.Event()
        self.story: list[str] = []

    async def run(self) -> bool:
        """Do the next step; when there is none left, ask for the end."""
        step = self.steps.pop(0) if self.steps else "end"
        if step == "end":
            self.stop.set()
            return False
        self.story.append("job" if step is True else "none")
        if isinstance(step, BaseException):
            self.story[-1] = type(step).__name__
            raise step
        return bool(step)

    async def rest(self, stop: asyncio.Event) -> None:
        """Note a rest."""
        assert stop is self.stop, f"`rest` was given {stop!r}, not `stop`."
        self.story.append("rest")
        await asyncio.sleep(0)

    async def work(self, patiently: Patiently) -> None:
        """Let the learner's loop run until it ends."""
        from waybill.worker import work

        with patiently() as scope:
            await work(self.run, self.stop, self.rest)
        assert not scope.cancelled_caught or "rest" in self.story, (
            "A look found nothing, and `rest(stop)` wasn't called: whatever waits "
            "there doesn't hear `stop`."
        )
        assert not scope.cancelled_caught, (
            f"`stop` is set, and `work` goes on. It began with: {self.story[:12]}"
        )


def in_short(story: list[str]) -> str:
    """Tell a story in which the same happens again and again."""
    runs = [(word, len([*same])) for word, same in groupby(story)]
    return ", ".join(word if n == 1 else f"{word} ({n} times)" for word, n in runs)


# - While there are jobs, `work` does one after the other, without a rest.
async def test_it_rests_when_there_is_nothing(patiently: Patiently) -> None:
    """It rests after a look that found nothing, and only then."""
    script = Script(True, True, False, True, False, False, *[True] * 120)
    await script.work(patiently)
    wanted = ["job", "job", "none", "rest", "job", "none", "rest", "none", "rest"]
    wanted += ["job"] * 120
    found = [*script.story]
    while found and found[-1] == "rest":
        found.pop()  # after the end was asked for, a rest ends at once
    assert found == wanted, (
        f"It did this: {in_short(found)}; wanted is: {in_short(wanted)}. Where there "
        "was a job, there may be another one."
    )


# - When `stop` is set, the job in hand is finished, and no further one is taken.
async def test_the_job_in_hand_is_finished(patiently: Patiently) -> None:
    """What is asked to stop in the middle of a job finishes it, and takes no other."""
    from waybill.worker import work

    stop, story = asyncio.Event(), []

    async def run() -> bool:
        story.append("taken")
        if len(story) > 2:
            stop.set()
        for _ in range(9):  # a handler that waits, and waits
            await asyncio.sleep(0)
        story.append("done")
        return True

    async def rest(_stop: asyncio.Event) -> None:
        story.append("rest")
        await asyncio.sleep(0)

    with patiently() as scope:
        await work(run, stop, rest)
    assert not scope.cancelled_caught, (
        f"`stop` is set, and `work` goes on: {story[:12]}"
    )
    assert story == ["taken", "done", "taken", "done"], (
        f"The end was asked for while the second job was in hand. It did: {story}"
    )


# - When `stop` is set, the job in hand is finished, and no further one is taken.
async def test_nothing_is_taken_after_the_end(patiently: Patiently) -> None:
    """After the end was asked for, before a job or in a rest, nothing is taken."""
    from waybill.worker import work

    script = Script(True, True)
    script.stop.set()
    await script.work(patiently)
    assert "job" not in script.story, (
        f"`stop` was set before, and it did {script.story}"
    )
    stop, story = asyncio.Event(), []

    async def run() -> bool:
        story.append("look")
        await asyncio.sleep(0)
        return False

    async def rest(stop: asyncio.Event) -> None:
        stop.set()

    with patiently() as scope:
        await work(run, stop, rest)
    assert not scope.cancelled_caught, "`stop` was set in a rest, and `work` goes on."
    assert story == ["look"], f"`stop` was set in the first rest, and it did {story}."


# - A database that fails (`SQLAlchemyError` or `OSError`) is noted in `log` as an
# error, and then `work` rests and goes on.
@pytest.mark.parametrize(
    "error",
    [
        NO_DATABASE,
        SQLAlchemyError("something"),
        ConnectionRefusedError("nobody there"),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_database_that_comes_back(
    patiently: Patiently, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """A database that fails is noted, and after a rest there is another look."""
    caplog.set_level(logging.INFO)
    script = Script(True, error, error, True)
    name = type(error).__name__
    try:
        await script.work(patiently)
    except type(error):
        raise AssertionError(
            f"A look came to {name}, and `work` ended with it: a database that is "
            "started anew would end all workers."
        ) from None
    found = [*script.story]
    while found and found[-1] == "rest":
        found.pop()
    wanted = ["job", name, "rest", name, "rest", "job"]
    assert found == wanted, f"It did this: {found}; wanted is {wanted}."
    lines = [one for one in caplog.records if one.name == "waybill.jobs"]
    assert [one.levelno for one in lines] == [logging.ERROR] * 2, (
        f"The database failed twice, and the log has {[str(one) for one in lines]}."
    )


# - A database that fails (`SQLAlchemyError` or `OSError`) is noted in `log` as an
# error, and then `work` rests and goes on.
@pytest.mark.parametrize(
    "error", [NameError("a typing error"), asyncio.CancelledError()]
)
async def test_other_errors_are_seen(
    patiently: Patiently, error: BaseException
) -> None:
    """What is no failure of the database is raised."""
    script = Script(True, error, True)
    try:
        await script.work(patiently)
    except type(error):
        return
    raise AssertionError(
        f"A look came to {error!r}, which is no failure of the database, and `work` "
        "went on as if nothing had happened."
    )


@pytest.fixture
def environment(
    tmp_path: Path,
    engine: Any,  # noqa: ANN401
    post_office: Any,  # noqa: ANN401
) -> dict[str, str]:
    """The variables of a worker on this machine."""
    import waybill

    (package,) = waybill.__path__
    return {
        **{name: os.environ[name] for name in ("PATH",) if name in os.environ},
        "PYTHONPATH": str(Path(package).parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "WAYBILL_ENVIRONMENT": "development",
        "WAYBILL_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "WAYBILL_MAIL_HOST": "127.0.0.1",
        "WAYBILL_MAIL_PORT": str(post_office.port),
        "WAYBILL_MAIL_TLS": "false",
        "HOME": str(tmp_path),
    }


# - When `stop` is set, the job in hand is finished, and no further one is taken.
@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without a word.")
async def test_a_real_worker_stops(
    keep: Callable[..., Awaitable[int]],
    people: None,  # noqa: ARG001
    post_office: Any,  # noqa: ANN401
    environment: dict[str, str],
    engine: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """A real process that gets SIGTERM finishes the letter in hand, and ends."""
    for number in (311, 17):
        await keep(kind="welcome", payload={"account_id": number})
    started: list[subprocess.Popen[bytes]] = []
    arrived = threading.Event()

    def ask_it_to_stop() -> None:
        if post_office.letters:  # a second letter: it hasn't heard
            started[0].kill()
        started[0].send_signal(signal.SIGTERM)
        arrived.set()

    post_office.meanwhile = ask_it_to_stop
    command = [sys.executable, "-m", "waybill.worker"]
    with subprocess.Popen(  # noqa: ASYNC220, S603 - it is the learner's
        command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE
    ) as process:
        started.append(process)
        try:
            while process.poll() is None and not arrived.is_set():  # it is starting
                await asyncio.to_thread(arrived.wait, 0.1)
            _, said = await asyncio.to_thread(process.communicate, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            raise AssertionError(
                f"A worker got SIGTERM, and is still there {LONGEST} seconds later."
            ) from None
        finally:
            process.kill()
    assert len(post_office.letters) == 1, (
        f"A worker got SIGTERM while its first letter was on the way, and sent "
        f"{len(post_office.letters)} letters. It wrote: {said.decode()[-600:]}"
    )
    assert process.returncode == 0, (
        f"A worker got SIGTERM in the middle of a letter, and ended with "
        f"{process.returncode}: {said.decode()[-600:]}"
    )
    with sqlite3.connect(str(engine.url.database)) as other:
        left = other.execute("SELECT payload, attempts FROM jobs").fetchall()
    other.close()
    assert left == [('{"account_id": 17}', 0)], (
        f"One letter of two was sent, and these jobs are left: {left}."
    )
