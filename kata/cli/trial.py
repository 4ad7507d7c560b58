"""What `kata doctor` tries: a right and a wrong answer, in each way that will be used.

All of it happens in a folder of its own, which is removed again.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from jupyter_core.paths import jupyter_path

from kata.cli.finding import Finding
from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.course.find import find_course
from kata.display.words import REASON
from kata.errors import KataError
from kata.loop.loop import Loop
from kata.notebook import kernel
from kata.runner.choice import best_runner
from kata.runner.report import BackEnd
from kata.serving.ports import HOST
from kata.serving.server import Server
from kata.verdict import Status, Verdict
from kata.workspace import workspace
from kata.workspace.workspace import VARIABLE, Workspace

PATIENCE = 60.0
"""Seconds to wait for a kernel, or for one of its cells."""
NOT_ALL = "\n# This is not the whole answer yet.\n"
"""Makes an answer of the starting code, which is red."""
ASK = "Fix that, then run `kata doctor` again."
SILENT = "nothing was said about it"


def trials() -> Iterator[Finding]:
    """Try everything that a learner will use, one after the other."""
    course = find_course()
    kata = course.curriculum.katas[0]
    for once in (True, False):
        how = "One kata" if once else "Several katas"
        yield _tried(
            f"{how} in a terminal",
            lambda once=once: _in_terminal(course, kata, once=once),  # type: ignore[misc]
        )
    yield _tried("A notebook", lambda: _in_notebook(course, kata))
    yield _tried("A page on this machine", lambda: _served(course))


def _tried(what: str, attempt: Callable[[], str]) -> Finding:
    """Return what came of an attempt, which returns what has worked."""
    try:
        return Finding(f"{what}: {attempt()}")
    except KataError as error:
        return Finding(f"{what}: {error.happened}", error.next_step or ASK)
    except OSError as error:
        return Finding(f"{what}: {error}", ASK)


def _in_terminal(course: Course, kata: Kata, *, once: bool) -> str:
    with _place(course) as place, best_runner(once=once) as runner:
        _judge(kata, _cells(course, kata), Loop(course, place, runner).run_cell)
        return _passed(runner)


def _passed(runner: BackEnd) -> str:
    way = type(runner).__name__.removesuffix("Runner").lower()
    return f"a wrong answer was refused, and a right one passed ({way})."


def _cells(course: Course, kata: Kata) -> dict[Status, str]:
    """Return two answers of a kata, by what they should come to."""
    cells = course.cells(kata)
    return {Status.FAILED: cells.stub + NOT_ALL, Status.PASSED: cells.reference}


def _judge(kata: Kata, cells: dict[Status, str], run: Callable[[str], Verdict]) -> None:
    """Run answers; one that does not come to what it should is a `KataError`."""
    for wanted, source in cells.items():
        verdict = run(source)
        if verdict.status is wanted:
            continue
        kind = "right" if wanted is Status.PASSED else "wrong"
        problem = verdict.problem
        said = problem.happened if problem else SILENT
        raise KataError(
            f"a {kind} answer of {kata.id} came out as "
            f"“{REASON[verdict.status]}”: {said}",
            (problem and problem.next_step) or ASK,
        )


def _in_notebook(course: Course, kata: Kata) -> str:
    with _place(course) as place, _log(place) as log, _kernel(place, log) as run:
        for wanted, source in _cells(course, kata).items():
            said = run(source)
            if f"{REASON[wanted].upper()}: {kata.id}" not in said:
                raise KataError(
                    f"a cell of {kata.id} got no verdict from the kernel "
                    f"“{kernel.TITLE}”: {_last(said) or _last_of(log) or SILENT}",
                    ASK,
                )
    return "a wrong answer was refused, and a right one passed."


@contextmanager
def _kernel(place: Workspace, log: IO[str]) -> Iterator[Callable[[str], str]]:
    """Start the course's kernel as Jupyter does; give what runs a cell in it."""
    # Not before they are needed.
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import KernelManager

    # IPython makes its folder where it has none: that would be left behind.
    own = Path(os.environ.get("IPYTHONDIR") or Path.home() / ".ipython")
    ipython = str(own if own.exists() else place.root / ".ipython")
    manager = KernelManager(
        kernel_name=kernel.NAME,
        kernel_spec_manager=KernelSpecManager(kernel_dirs=jupyter_path("kernels")),
        connection_file=str(place.root / "connection.json"),
    )
    client: Any = None
    try:
        manager.start_kernel(
            cwd=str(place.root),
            env={**os.environ, "IPYTHONDIR": ipython, VARIABLE: str(place.root)},
            extra_arguments=["--HistoryManager.enabled=False"],
            stdout=log,
            stderr=log,
        )
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        yield lambda source: _shown(client, source)
    except (RuntimeError, TimeoutError) as error:  # it is dead, or as good as
        raise KataError(
            f"the kernel “{kernel.TITLE}” does not answer: {_last_of(log) or error}",
            ASK,
        ) from None
    finally:
        if client:
            client.stop_channels()
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)


def _shown(client: Any, source: str) -> str:  # noqa: ANN401 - it has no types
    """Run a cell, and return the text that appears below it."""
    texts: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        content = message["content"]
        shown = content.get("data", {}).get("text/plain")
        texts.append(shown or content.get("text") or content.get("evalue") or "")

    client.execute_interactive(source, timeout=PATIENCE, output_hook=hear)
    return "\n".join(texts)


def _served(course: Course) -> str:
    import httpx  # not before it is needed

    with _place(course) as place:
        place.write_all(course.reference(course.curriculum.lessons[0].katas))
        server = Server(place)
        try:
            server.serve()
            with httpx.Client(base_url=server.address, trust_env=False) as client:
                status = client.get("/docs").status_code
        except httpx.HTTPError as error:
            raise KataError(f"{HOST} could not be reached: {error}", ASK) from None
        finally:
            server.close()
    if status != httpx.codes.OK:
        raise KataError(f"it was answered {status}.", ASK)
    return f"the docs of an app were served on {HOST}."


@contextmanager
def _place(course: Course) -> Iterator[Workspace]:
    """Give a new workspace, and remove it again."""
    with tempfile.TemporaryDirectory(
        prefix="kata-doctor-", ignore_cleanup_errors=True
    ) as folder:
        yield workspace.create(Path(folder).resolve() / "place", course)


@contextmanager
def _log(place: Workspace) -> Iterator[IO[str]]:
    with (place.root / "log").open("w+", encoding="utf-8", errors="replace") as log:
        yield log


def _last_of(log: IO[str]) -> str:
    log.seek(0)
    return _last(log.read())


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
