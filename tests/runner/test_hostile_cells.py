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
    "nothing can be opened": (
        "import builtins\nbuiltins.open = None\n"
        "def double(number: int) -> int:\n    return number\n",
        TAMPERED,
    ),
    "no file is there": (
        "from pathlib import Path\n"
        "Path.exists = Path.is_file = Path.read_text = lambda *_, **__: ''\n" + GOOD,
        TAMPERED,
    ),
    "an end as soon as the collector comes": (
        "import gc, os\ngc.callbacks.append(lambda *_: os._exit(0))\n" + GOOD,
        ENDED,
    ),
    "memory that is not its own": (
        "import ctypes\nctypes.string_at(0)\n" + GOOD,
        "Look for what goes past Python, such as `ctypes`.",
    ),
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
    "an error that can't be told": (
        "class Silent(Exception):\n"
        "    def __str__(self) -> str:\n"
        "        raise RuntimeError\n\n"
        "    __repr__ = __str__\n\n\n"
        "def double(number: int) -> int:\n    raise Silent\n",
        "Your code raised Silent: (its `__str__` raised RuntimeError)",
    ),
    "an error that says a number": (
        "class Odd(Exception):\n"
        "    __str__ = __repr__ = lambda self: 3\n\n\n"
        "def double(number: int) -> int:\n    raise Odd\n",
        "Your code raised Odd: (its `__str__` raised TypeError)",
    ),
    "groups within groups": (
        "def double(number: int) -> int:\n"
        "    error = ValueError('the innermost')\n"
        "    for _ in range(5000):\n"
        "        error = ExceptionGroup('one more', [error])\n"
        "    raise error\n",
        "Your code raised ValueError: the innermost",
    ),
    "an error with half a character": (
        "def double(number: int) -> int:\n    raise ValueError('\\udc80')\n",
        r"Your code raised ValueError: \udc80",
    ),
    "an error that wipes the screen": (
        "def double(number: int) -> int:\n"
        "    raise ValueError('\\x1b[2J\\x1b[32mPASSED\\x1b[0m\\0')\n",
        r"Your code raised ValueError: \x1b[2JPASSED\x00",
    ),
    "a value that wipes the screen": (
        "def double(number: int) -> int:\n    print('\\x9b2J')\n    return number\n",
        r"\x9b2J",
    ),
    "a skip, raised by the code": (
        "import pytest\n\n\n"
        "def double(number: int) -> int:\n    pytest.skip('no need')\n",
        "Your code raised Skipped: no need",
    ),
    "a module that has every name": (
        "def __getattr__(name: str) -> object:\n    raise SystemExit(0)\n",
        "Your code raised SystemExit",
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


HARMLESS = {
    "a mark at its head": "\ufeff" + GOOD,
    "no standard streams": (
        "import sys\nsys.stdin = sys.stdout = sys.stderr = None\nprint('x')\n" + GOOD
    ),
    "another name and file": "__name__, __file__, __spec__ = '__main__', '', None\n"
    + GOOD,
    "a pipe beside it": (
        "import os\nfrom pathlib import Path\n"
        "if hasattr(os, 'mkfifo'):\n    os.mkfifo(Path(__file__).with_name('a.py'))\n"
        + GOOD
    ),
}
"""Odd, but right."""


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_does_no_harm_to_an_answer_leaves_it_green(
    cell: str, tmp_path: Path, each_runner: Runner
) -> None:
    verdict = verdict_on(HARMLESS[cell], tmp_path, each_runner)
    assert verdict.status is Status.PASSED, render(verdict)


def test_what_a_process_says_does_not_rest_on_what_an_answer_can_replace(
    tmp_path: Path, each_process: Runner
) -> None:
    cell = "import json\njson.dumps = json.loads = lambda *_, **__: '{}'\n" + GOOD
    verdict = verdict_on(cell, tmp_path, each_process)
    assert verdict.status is Status.PASSED, render(verdict)
    assert_nothing_is_left(tmp_path, each_process)
