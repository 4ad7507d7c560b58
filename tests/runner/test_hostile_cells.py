"""A table of cells that do harm: each gets its verdict, and the next run is untouched.

Loops without an end, early exits, crashes, floods and forgeries are in test_runner.py.
"""

from pathlib import Path

import pytest

from kata.display.text import render
from kata.runner.report import Runner
from kata.source.file import NotPythonError, parse_cell
from kata.verdict import Status
from tests.helpers.runner import (
    ENOUGH,
    GOOD,
    SOON,
    assert_nothing_is_left,
    verdict_on,
)

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
