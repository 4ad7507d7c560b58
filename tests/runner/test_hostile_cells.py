"""A table of cells that do harm: each gets its verdict, and the next run is untouched.

Loops without an end, early exits, crashes, floods and forgeries are in test_runner.py.
"""

from pathlib import Path

import psutil
import pytest

from kata.display.text import render
from kata.runner.report import Runner
from kata.source.file import NotPythonError, parse_cell
from kata.verdict import Status
from tests.helpers.runner import ENOUGH, GOOD, SOON, verdict_on

APP = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/hello/{name}")
async def hello(name: str) -> dict[str, str]:
    return {"message": f"Hello, {name}!"}
"""


TOO_MUCH = "more memory than a check may have"
NOT_ENDED = "had not come to an end"
ENDED = "ended before the checks did"
TAMPERED = "changes how checks are run"
CONTAINED = {
    "ten gigabytes at once": ("kept = bytearray(10**10)\n" + GOOD, TOO_MUCH),
    "a list that grows": (
        "kept = []\nwhile True:\n    kept.append(bytearray(10**7))\n" + GOOD,
        TOO_MUCH,
    ),
    "a builtin replaced": (
        "import builtins\nbuiltins.isinstance = lambda *_: True\n" + GOOD,
        "",
    ),
    "a pytest that collects nothing": (
        "import _pytest.main\n"
        "_pytest.main.Session.perform_collect = lambda *_: []\n" + GOOD,
        TAMPERED,
    ),
    "a pytest whose checks do nothing": (
        "import _pytest.python\n_pytest.python.Function.runtest = lambda self: None\n",
        TAMPERED,
    ),
    "a pytest whose calls always pass": (
        "import _pytest.runner\n"
        "_pytest.runner.pytest_runtest_call = lambda item: None\n",
        "has no `double` yet",  # pytest has kept the original
    ),
    "descriptors closed": ("import os\nos.closerange(3, 100)\n" + GOOD, ""),
    "descriptors written into": (
        "import os\n"
        "for number in range(3, 100):\n"
        "    try:\n"
        "        os.write(number, b'x' * 100)\n"
        "    except OSError:\n"
        "        pass\n" + GOOD,
        TAMPERED,
    ),
    "a timer that goes on and on": (
        "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\n"
        "while True:\n    pass\n" + GOOD,
        ENDED,
    ),
    "an end of its parent": (
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n"
        "while True:\n    pass\n" + GOOD,
        ENDED,
    ),
    "an end of its group": (
        "import os, signal\nos.killpg(0, signal.SIGKILL)\n" + GOOD,
        ENDED,
    ),
    "a second process that goes on as this one": (
        "import os\nif os.fork():\n    os._exit(0)\n" + GOOD,
        ENDED,
    ),
    "a watchdog": (
        "import faulthandler\nfaulthandler.dump_traceback_later(0.01, exit=True)\n"
        "while True:\n    pass\n" + GOOD,
        ENDED,
    ),
    "no more descriptors": (
        "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))\n"
        "import wave\n" + GOOD,
        "",
    ),
    "an ear for all that Python does": (
        "import sys\nsys.addaudithook(lambda *_: 1 / 0)\nimport wave\n" + GOOD,
        "",
    ),
    "no imports": ("import builtins\nbuiltins.__import__ = None\n" + GOOD, ""),
    "no modules": ("import sys\nsys.modules.clear()\n" + GOOD, ""),
    "every attribute looked up by itself": (
        "import builtins\nbuiltins.getattr = builtins.hasattr = None\n" + GOOD,
        "",
    ),
}
"""Cells whose harm stays in the process that does it; they never pass."""
STOPPED = {
    "a stop for good": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n" + GOOD,
        NOT_ENDED,
    ),
    "no questions asked": (
        "import signal\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "while True:\n    pass\n" + GOOD,
        NOT_ENDED,
    ),
}
"""Cells that can't say where they are. That takes seconds: one back end has to do."""
HARMS = {
    "endless recursion": (
        "def double(number: int) -> int:\n    return double(number)\n",
        "RecursionError",
    ),
    "an import of itself": (
        "from waybill.numbers import double as twice\n" + GOOD,
        "waybill/numbers.py imports `double` from itself",
    ),
    "no pytest": ("import sys\nsys.modules['pytest'] = None\n" + GOOD, TAMPERED),
    "half a pytest": (
        "import sys\n"
        "for name in [*sys.modules]:\n"
        "    if name.startswith(('_pytest', 'pytest')):\n"
        "        del sys.modules[name]\n" + GOOD,
        TAMPERED,
    ),
    "a trace that fails": (
        "import sys\nsys.settrace(lambda *_: 1 / 0)\n" + GOOD,
        "Your code raised ZeroDivisionError",
    ),
}
"""Cells by what they do, each with what the verdict says; they never pass."""


EQUAL_TO_ALL = (
    "from fastapi import HTTPException\n"
    "from fastapi.responses import JSONResponse\n\n\n"
    "class Status(int):\n"
    "    __eq__ = lambda *_: True\n"
    "    __hash__ = int.__hash__\n\n"
)
RETURN = 'return {"message": f"Hello, {name}!"}'


@pytest.mark.parametrize(
    "cheat",
    [
        "raise HTTPException(Status(500))",
        'return JSONResponse({"message": f"Hello, {name}!"}, Status(500))',
    ],
)
def test_a_status_that_equals_every_number_is_only_the_number_that_it_is(
    cheat: str, tmp_path: Path, each_runner: Runner
) -> None:
    app = APP.replace(RETURN, cheat).replace("-> dict[str, str]", "-> object")
    source = EQUAL_TO_ALL + app
    verdict = verdict_on(source, tmp_path, each_runner, name="greeting.hello")
    assert verdict.status is Status.FAILED, render(verdict)
    assert "It answered 500." in render(verdict)


@pytest.mark.parametrize("cell", CONTAINED)
def test_a_process_contains_what_would_spoil_python(
    cell: str, tmp_path: Path, each_process: Runner
) -> None:
    assert_refused(*CONTAINED[cell], tmp_path, each_process)


@pytest.mark.parametrize("cell", STOPPED)
def test_a_cell_that_cannot_say_where_it_is_is_stopped(
    cell: str, tmp_path: Path, real_runner: Runner
) -> None:
    assert_refused(*STOPPED[cell], tmp_path, real_runner)


@pytest.mark.parametrize("cell", HARMS)
def test_a_cell_that_does_harm_never_passes(
    cell: str, tmp_path: Path, each_runner: Runner
) -> None:
    assert_refused(*HARMS[cell], tmp_path, each_runner)


def assert_refused(source: str, said: str, tmp_path: Path, runner: Runner) -> None:
    limit = SOON if said == NOT_ENDED else ENOUGH
    verdict = verdict_on(source, tmp_path, runner, limit)
    assert verdict.status in {Status.BROKEN, Status.FAILED}
    assert said in render(verdict)
    assert_nothing_is_left(tmp_path, runner)


@pytest.mark.parametrize("error", ["SystemExit(0)", "KeyboardInterrupt"])
def test_a_handler_that_would_end_python_is_named(
    error: str, tmp_path: Path, each_runner: Runner
) -> None:
    source = APP.replace("    return", f"    raise {error}\n    return")
    verdict = verdict_on(source, tmp_path, each_runner, name="greeting.hello")
    assert verdict.status is Status.FAILED, render(verdict)
    assert f"Your code raised {error.partition('(')[0]}" in render(verdict)
    assert_nothing_is_left(tmp_path, each_runner)


NEVER = "    while True:\n        await asyncio.sleep(0.01)\n"
ENDLESS = {
    "a handler that never answers": APP.replace("    return", NEVER + "    return"),
    "a stream without an end": APP.replace(
        '-> dict[str, str]:\n    return {"message": f"Hello, {name}!"}',
        "-> StreamingResponse:\n    return StreamingResponse(letters())",
    )
    + "\n\nasync def letters():\n"
    + NEVER
    + "        yield 'a'\n",
    "a dependency that never lets go": APP.replace(
        "(name: str)", "(name: str, x: Annotated[None, Depends(lent)])"
    ).replace("app =", f"async def lent():\n    yield\n{NEVER}\n\napp ="),
    "a background task that never ends": APP.replace(
        "(name: str)", "(name: str, later: BackgroundTasks)"
    ).replace("    return", "    later.add_task(asyncio.sleep, 3600)\n    return"),
}
IMPORTS = (
    "import asyncio\nfrom typing import Annotated\n"
    "from fastapi import BackgroundTasks, Depends\n"
    "from fastapi.responses import StreamingResponse\n"
)


@pytest.mark.parametrize("cell", ENDLESS)
def test_an_app_that_does_not_come_to_an_end_is_stopped(
    cell: str, tmp_path: Path, each_runner: Runner
) -> None:
    source = IMPORTS + ENDLESS[cell]
    verdict = verdict_on(source, tmp_path, each_runner, SOON, name="greeting.hello")
    assert verdict.status is Status.BROKEN, render(verdict)
    assert NOT_ENDED in render(verdict)
    assert_nothing_is_left(tmp_path, each_runner)


HARMLESS = {
    "a task left running": "import asyncio\n"
    + APP.replace(
        "    return", "    asyncio.create_task(asyncio.sleep(3600))\n    return"
    ),
    "a port bound for ever": (
        "import socket\ntaken = socket.create_server(('127.0.0.1', 0))\n" + APP
    ),
    "its own file deleted": (
        "from pathlib import Path\n" + APP + "\nPath(__file__).unlink()\n"
    ),
    "another folder": "import os\n" + APP + "\nos.chdir('/')\n",
    "a storm of warnings": (
        "import warnings\n" + APP + "\n"
        "for number in range(20_000):\n    warnings.warn(f'number {number % 50}')\n"
    ),
    "its own standard output": (
        "import io, sys\n" + APP + "\nsys.stdout = sys.stderr = io.StringIO()\n"
    ),
}
"""Odd, but the app answers as it should."""


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_does_no_harm_is_no_reason_to_refuse_an_answer(
    cell: str, tmp_path: Path, each_runner: Runner
) -> None:
    verdict = verdict_on(HARMLESS[cell], tmp_path, each_runner, name="greeting.hello")
    assert verdict.status is Status.PASSED, render(verdict)
    assert_nothing_is_left(tmp_path, each_runner)


def test_an_event_loop_left_running_does_no_harm(
    tmp_path: Path, each_process: Runner
) -> None:
    source = (
        "import asyncio, threading\n"
        "threading.Thread(target=asyncio.new_event_loop().run_forever).start()\n" + APP
    )
    verdict = verdict_on(source, tmp_path, each_process, name="greeting.hello")
    assert verdict.status is Status.PASSED, render(verdict)
    assert_nothing_is_left(tmp_path, each_process)


def assert_nothing_is_left(root: Path, runner: Runner) -> None:
    """The next honest run is green, and no process but the runner's own is there."""
    verdict = verdict_on(GOOD, root, runner)
    assert verdict.status is Status.PASSED, render(verdict)
    here = psutil.Process()
    others = [one for one in here.children() if "kata.runner" not in str(one.cmdline())]
    assert others == []
    for own in here.children():
        assert len(own.children(recursive=True)) <= 1  # the one that stands by


@pytest.mark.parametrize(
    "cell",
    [
        "x = 1\0",
        "x = '\ud800'",
        "if True:\n\tx = 1\n        y = 2",
        "def double(number):\n\u00a0\u00a0return 2",
        "x = " + "(" * 500 + ")" * 500,
    ],
)
def test_a_cell_that_python_cannot_read_is_refused_before_it_runs(cell: str) -> None:
    with pytest.raises(NotPythonError):
        parse_cell(cell)


def test_a_mark_at_the_head_of_a_cell_does_no_harm(
    tmp_path: Path, each_runner: Runner
) -> None:
    verdict = verdict_on("\ufeff" + GOOD, tmp_path, each_runner)
    assert verdict.status is Status.PASSED
