"""One exercise in this course and in its peers: how long from Shift+Enter to a verdict.

    python benchmarks/peers.py install    # into build/peers; needs a package index
    python benchmarks/peers.py

A peer that is not installed is left out, and said to be. Each runs in a kernel that is
warm already, as a notebook has it, but `nbgrader validate`, which starts one itself.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import nbformat
from figures import HOME, SAMPLE, Times, Variant, interleaved, table
from jupyter_client import BlockingKernelClient
from rich.console import Console

from kata.course.course import Course
from kata.workspace import workspace

PEERS = HOME / "build" / "peers"
PINS = {
    "otter-grader": "otter-grader==7.0.0",
    "nbgrader": "nbgrader==0.9.6",
    "ipytest": "ipytest==0.14.2",
}
ANSWER = "def double(number):\n    return 2 * number\n"
PATIENCE = 60
"""Seconds after which a verdict no longer counts as one."""
ISOLATED = {"this course": "yes", "nbgrader validate": "yes"}
"""Whether an answer runs in a process of its own, which it can't take down."""
Ask = Callable[[], str]


def install() -> None:
    """Make an environment for each peer."""
    for name, pin in PINS.items():
        venv.create(PEERS / name, with_pip=True, clear=True)
        pip = [str(python_of(name)), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, pin, "ipykernel", "pytest"], check=True)


def python_of(peer: str) -> Path:
    """Return the Python of a peer's environment."""
    return PEERS / peer / "bin" / "python"


@contextmanager
def kernel(python: Path, folder: Path) -> Iterator[Callable[[str], str]]:
    """Start a kernel; yield what runs a cell in it and returns what it shows."""
    file = folder / "kernel.json"
    command = [str(python), "-m", "ipykernel_launcher", "-f", str(file)]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        # The kernel writes it once its ports are its own.
        while not (file.exists() and file.read_text().endswith("}")):
            time.sleep(0.1)
        client = BlockingKernelClient(connection_file=str(file))
        client.load_connection_file()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=PATIENCE)
            yield lambda code: _shown(client, code)
        finally:
            client.stop_channels()
            process.kill()


def _shown(client: BlockingKernelClient, code: str) -> str:
    """Run a cell and return the text below it."""
    texts: list[str] = []

    def note(message: dict[str, dict[str, object]]) -> None:
        content = message["content"]
        data = content.get("data")
        texts.append(str(content.get("text", "")))
        texts.append(str(data.get("text/plain", "")) if isinstance(data, dict) else "")
        texts.append(str(content.get("evalue", "")))

    client.execute_interactive(
        code, output_hook=note, timeout=PATIENCE, allow_stdin=False
    )
    return "".join(texts)


def this_course(folder: Path, stack: ExitStack) -> Ask:
    """Return what runs the kata's cell."""
    course = Course(SAMPLE)
    place = workspace.create(folder / "my-waybill", course)
    run = stack.enter_context(kernel(Path(sys.executable), place.root))
    run(f"%env KATA_COURSE {course.root}")
    run("%reload_ext kata\n%lesson 02_counting")
    return lambda: run(f"#| kata: counting.double\n{ANSWER}")


def ipytest(folder: Path, stack: ExitStack) -> Ask:
    """Return what runs the tests below the answer, in the kernel itself."""
    run = stack.enter_context(kernel(python_of("ipytest"), folder))
    run("import ipytest; ipytest.autoconfig()")
    test = "import pytest\n@pytest.mark.parametrize('number', [0, 1, 21])\n"
    test += "def test_doubles(number):\n    assert double(number) == 2 * number\n"
    return lambda: run(f"{ANSWER}\n{test}\nipytest.run('-q')")


def otter(folder: Path, stack: ExitStack) -> Ask:
    """Return what runs the answer and asks otter for its opinion, in the kernel."""
    suite = "\n".join(f">>> double({n})\n{2 * n}" for n in (0, 1, 21))
    cases = [{"code": suite, "hidden": False, "locked": False}]
    test = {"name": "q1", "points": 1, "suites": [{"cases": cases, "type": "doctest"}]}
    (folder / "tests").mkdir()
    (folder / "tests" / "q1.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n")
    nbformat.write(nbformat.v4.new_notebook(), folder / "answer.ipynb")
    run = stack.enter_context(kernel(python_of("otter-grader"), folder))
    run("import otter; grader = otter.Notebook('answer.ipynb')")
    return lambda: run(f"{ANSWER}\nprint(grader.check('q1'))")


def nbgrader(folder: Path, _stack: ExitStack) -> Ask:
    """Return what validates a notebook with the answer, in a process of its own."""
    test = "\n".join(f"assert double({n}) == {2 * n}" for n in (0, 1, 21))
    cells = [nbformat.v4.new_code_cell(code) for code in (ANSWER, test)]
    marks = {"schema_version": 3, "grade_id": "q1", "points": 1, "locked": True}
    cells[1].metadata["nbgrader"] = {**marks, "grade": True, "solution": False}
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "answer.ipynb")
    command = [python_of("nbgrader").with_name("nbgrader"), "validate", "answer.ipynb"]

    def ask() -> str:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True
        )
        return done.stdout

    return ask


WAYS = {
    "this course": ("", this_course, "PASSED"),
    "ipytest": ("ipytest", ipytest, "ExitCode.OK"),
    "otter check": ("otter-grader", otter, "q1 results: All"),
    "nbgrader validate": ("nbgrader", nbgrader, "Success"),
}


def measured(rounds: int) -> tuple[Times, list[str]]:
    """Return the seconds of each way, measured in turn, and who is not installed."""
    absent = []
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        variants: dict[str, Variant] = {}
        for name, (peer, prepare, word) in WAYS.items():
            if peer and not python_of(peer).exists():
                absent.append(name)
                continue
            folder = Path(home).resolve() / name.replace(" ", "_")
            folder.mkdir()
            variants[name] = partial(run, name, prepare(folder, stack), word)
        return interleaved(variants, rounds), absent


def run(name: str, ask: Ask, word: str) -> None:
    """Ask for a verdict; it has to say that the answer is right."""
    said = ask()
    if word not in said:
        sys.exit(f"{name} did not say that the answer is right: {said}")


def show(console: Console, rounds: int) -> None:
    """Measure, and print the table and who is missing from it."""
    times, absent = measured(rounds)
    console.print(
        table("Peers", times, "isolated", lambda name: ISOLATED.get(name, "no"))
    )
    for name in absent:
        console.print(f"{name}: not installed; `python benchmarks/peers.py install`.")


def main() -> None:
    """Install the peers, or measure them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", nargs="?", choices=["install"])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    if options.what:
        install()
    else:
        show(Console(), options.rounds)


if __name__ == "__main__":
    main()
