"""Where a machine lets nothing more be started, that is said in a sentence."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kata.errors import KataError
from kata.runner.report import Runner
from kata.serving.server import Server
from kata.verdict import Status
from kata.workspace.workspace import Workspace
from tests.helpers.cli import answer, kata, workspace
from tests.helpers.runner import COURSE, verdict_on
from tests.helpers.shared import OWN

NAME = COURSE.cells(COURSE.curriculum.kata("greeting.name")).reference
NO_PROCESS = (
    "import _posixsubprocess, errno\n"
    "def full(*_):\n"
    "    raise BlockingIOError(errno.EAGAIN, 'Resource temporarily unavailable')\n"
    "_posixsubprocess.fork_exec = full\n"
)
NO_THREAD = (
    "import _thread\n"
    "def full(*_):\n"
    '    raise RuntimeError("can\'t start new thread")\n'
    "_thread.start_new_thread = full\n"
)


@pytest.mark.skipif(os.name != "posix", reason="it has such limits")
@pytest.mark.parametrize("back_end", ["plain", "spawn", "warm"])
@pytest.mark.parametrize("limit", [NO_PROCESS, NO_THREAD])
def test_a_machine_without_room_for_a_process_is_named_in_a_sentence(
    tmp_path: Path, back_end: str, limit: str
) -> None:
    # A limit that root passes by can't be reached here; this is how one looks.
    (tmp_path / "limits").mkdir()
    (tmp_path / "limits" / "sitecustomize.py").write_text(limit)
    place = workspace(tmp_path / "place")
    assert answer(place, NAME).status is Status.PASSED
    checked = kata(
        "check",
        "greeting.name",
        cwd=place.root,
        PYTHONPATH=str(tmp_path / "limits"),
        KATA_RUNNER=back_end,
        **OWN,
    )
    assert checked.status == 2
    assert "does not let you start another program" in checked.err
    assert "Traceback" not in checked.err + checked.out


def test_docs_that_no_process_can_serve_are_named_in_a_sentence(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("waybill/main.py", "app = None\n")

    def full(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(KataError, match="does not let you start another program"):
        Server(place).serve()


@pytest.mark.parametrize("stop", ["breakpoint()", "import pdb; pdb.set_trace()"])
def test_nobody_can_type_where_an_answer_stops_for_a_debugger(
    tmp_path: Path, each_runner: Runner, stop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The one that is here stops for whoever runs these tests.
    monkeypatch.delitem(sys.modules, "pdb", raising=False)
    cell = f"def double(number: int) -> int:\n    {stop}\n    return 2 * number\n"
    verdict = verdict_on(cell, tmp_path, each_runner)
    assert verdict.status is Status.FAILED
    assert verdict.problem
    assert "nobody can type" in verdict.problem.happened
    assert "Take the breakpoint out." in verdict.problem.next_step
    assert verdict.problem.line
    assert verdict.problem.line.number in (2, 3)


def test_nobody_can_type_what_an_answer_asks_for(
    tmp_path: Path, each_runner: Runner
) -> None:
    cell = "def double(number: int) -> int:\n    return 2 * int(input() or number)\n"
    verdict = verdict_on(cell, tmp_path, each_runner)
    assert verdict.problem
    assert "Nobody can type" in verdict.problem.next_step
