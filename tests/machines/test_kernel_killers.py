"""What would kill the notebook's kernel kills the process of its checks, and no more.

A real kernel: only there can it be seen that it lives.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kata.workspace.workspace import Workspace
from tests.helpers.cli import workspace
from tests.helpers.kernel import Kernel, kernel
from tests.helpers.loop import APP, FILE, GREET, HELLO, NAME

FIRST = f"#| kata: {NAME.id}\n"
WRONG = "\n\ndef greet(name: str) -> str:\n    return name\n"
"""An answer that fails its checks, wherever they get as far as that."""
KILLERS = {
    "closes what is open": "import os\nos.closerange(3, 100)",
    "writes into what is open": (
        "import os\n"
        "for number in range(3, 100):\n"
        "    try:\n"
        "        os.write(number, b'x' * 100)\n"
        "    except OSError:\n"
        "        pass"
    ),
    "closes the standard streams": "import os\nos.closerange(0, 3)",
    "sets a timer": ("import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)"),
    "sets a timer for later": (
        "import signal\nsignal.setitimer(signal.ITIMER_REAL, 1, 0.01)"
    ),
    "sets an alarm": "import signal\nsignal.alarm(1)",
    "sets a trace": "import sys\nsys.settrace(lambda *_: 1 / 0)",
    "ends Python": "import os\nos._exit(0)",
    "ends it a little later": (
        "import os, threading\n"
        "timer = threading.Timer(1, os._exit, [1])\ntimer.daemon = True\ntimer.start()"
    ),
    "ends it by a watchdog": (
        "import faulthandler\nfaulthandler.dump_traceback_later(1, exit=True)"
    ),
    "kills its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGTERM)",
    "kills its group": "import os, signal\nos.killpg(os.getpgrp(), signal.SIGTERM)",
    "lets nothing be opened": (
        "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))"
    ),
    "lets nothing be computed": (
        "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))"
    ),
    "listens to all that Python does": "import sys\nsys.addaudithook(lambda *_: 1 / 0)",
    "breaks imports": "import builtins\nbuiltins.__import__ = None",
    "empties the modules": "import sys\nsys.modules.clear()",
    "holds the lock": "import sys\nsys.setswitchinterval(1000)",
    "takes the loop away": (
        "import asyncio\n"
        "asyncio.get_running_loop = asyncio.new_event_loop = asyncio.run = None"
    ),
    "blocks signals": (
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))"
    ),
}
THREAD = (
    "import os, threading\n"
    "timer = threading.Timer(1, os._exit, [1])\ntimer.daemon = True\ntimer.start()"
)
LASTING = {
    "sets an alarm": ("import signal\nsignal.alarm(1)", "sets a timer"),
    "ends it by a watchdog": (
        "import faulthandler, os\n"
        "faulthandler.dump_traceback_later(1, exit=True, file=os.dup(2))",
        "sets a timer",
    ),
    "ends it a little later": (THREAD, "starts a thread"),
    "takes the right to write": (
        "import os\nos.umask(0o777)",
        "changes the rights that new files get",
    ),
    "lets no file grow": (
        "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))",
        "limits what the process may use",
    ),
    "stays deaf": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)",
        "decides what signals do",
    ),
    "refuses to open": (
        "import sys\n\n\n"
        "def refuse(event, found):\n"
        "    if event == 'open' and 'w' in str(found[1]):\n"
        "        raise PermissionError\n\n\n"
        "sys.addaudithook(refuse)",
        "listens to all that Python does",
    ),
    "forgets where libraries are": (
        "import sys\nsys.path[:] = sys.path[:1]",
        "changes where Python looks for modules",
    ),
    "keeps the engine from imports": (
        "import builtins\nreal = builtins.__import__\n\n\n"
        "def refuse(name, *rest, **named):\n"
        "    if name.startswith(('IPython', 'kata')):\n"
        "        raise ImportError(name)\n"
        "    return real(name, *rest, **named)\n\n\n"
        "builtins.__import__ = refuse",
        "replaces parts of Python itself",
    ),
    "takes the loop away": (
        "import asyncio\nasyncio.get_running_loop = asyncio.run = None",
        "replaces parts of Python itself",
    ),
}
"""What a right answer may do as well, and the verdict's words for it."""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="many are a thing of POSIX")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace(tmp_path_factory.mktemp("killers") / "place")


@pytest.fixture(scope="module")
def notebook(place: Workspace) -> Iterator[Kernel]:
    with kernel(place) as started:
        assert "PASSED" in started.run(GREET).plain
        yield started


@pytest.mark.parametrize("killer", KILLERS)
def test_a_red_cell_does_nothing_to_the_kernel(killer: str, notebook: Kernel) -> None:
    before = notebook.run("import os\nos.getpid()").plain
    shown = notebook.run(FIRST + KILLERS[killer] + WRONG).plain
    assert "PASSED" not in shown
    assert "other cells of this notebook go on with the code" in " ".join(shown.split())
    # These names are those of the green answer, in the same process as before.
    assert notebook.run("greet('Ada')").plain == "'Hello, Ada!'"
    assert notebook.run("os.getpid()").plain == before


@pytest.mark.parametrize("killer", LASTING)
def test_a_right_cell_that_changes_the_whole_process_does_not_do_so_in_the_kernel(
    killer: str, notebook: Kernel
) -> None:
    harm, said = LASTING[killer]
    before = notebook.run("import os\nos.getpid()").plain
    shown = " ".join(notebook.run(GREET.replace("\n", f"\n{harm}\n", 1)).plain.split())
    assert f"PASSED: {NAME.id}" in shown
    assert f"Importing {FILE} {said}. That would last in this notebook" in shown
    assert "Do that inside a function" in shown
    # These names are those of the answer before it, in the same process as before.
    assert notebook.run("greet('Ada')").plain == "'Hello, Ada!'"
    assert notebook.run("os.getpid()").plain == before
    waits = notebook.run(f"#| needs: {NAME.id}\ngreet('Ada')").plain
    assert f"Importing {FILE} {said}." in " ".join(waits.split())
    assert "PASSED" in notebook.run(GREET).plain


@pytest.mark.parametrize(
    "cell",
    [
        "import asyncio\nasyncio.run(asyncio.sleep(0))",
        "import asyncio\nassert asyncio._get_running_loop() is None",
    ],
)
def test_a_kernels_own_event_loop_is_not_there_for_a_file_that_is_imported(
    cell: str, notebook: Kernel
) -> None:
    shown = notebook.run(GREET.replace("\n", f"\n{cell}\n", 1)).plain
    assert "PASSED" in shown
    assert "does not import" not in shown
    assert notebook.run("greet.__globals__['asyncio'].__name__").plain == "'asyncio'"


@pytest.mark.parametrize("killer", ["closes what is open", "ends Python"])
def test_another_kata_of_the_same_file_works_after_a_restart(
    killer: str, tmp_path: Path
) -> None:
    place = workspace(tmp_path / "place")
    with kernel(place) as notebook:
        notebook.run(GREET)
        assert "BROKEN" in notebook.run(f"#| kata: {HELLO.id}\n{KILLERS[killer]}").plain
    with kernel(place) as notebook:
        shown = " ".join(notebook.run(GREET).plain.split())
        assert f"PASSED: {NAME.id}" in shown
        assert f"With the code of {HELLO.id} in it" in shown
        demo = notebook.run(f"#| needs: {NAME.id}\ngreet('Ada')").plain
        assert f"This cell waits for {HELLO.id}" in " ".join(demo.split())
        assert f"%reset_kata {HELLO.id}" in demo
        notebook.run(f"%reset_kata {HELLO.id}")
        assert (
            notebook.run(f"#| needs: {NAME.id}\ngreet('Ada')").plain == "'Hello, Ada!'"
        )
        assert "PASSED" in notebook.run(APP).plain


def test_a_demo_runs_on_the_names_it_has_while_another_answer_is_red(
    notebook: Kernel,
) -> None:
    demo = f"#| needs: {NAME.id}\ngreet('Ada')"
    notebook.run(GREET)
    notebook.run(f"#| kata: {HELLO.id}\nimport os\nos._exit(0)")
    assert notebook.run(demo).plain == "'Hello, Ada!'"
    shown = notebook.run(GREET.replace("return", "# Changed.\n    return")).plain
    assert "PASSED" in shown
    assert f"also holds the code of {HELLO.id}" in " ".join(shown.split())
