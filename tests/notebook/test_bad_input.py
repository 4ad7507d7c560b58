"""Bad input in a notebook: one clear message, what to do next, and no code lost."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from kata.course.find import find_course
from kata.notebook import extension
from kata.progress.progress import Progress
from kata.progress.records import Origin
from kata.workspace import workspace
from kata.workspace.workspace import Workspace
from tests.helpers.loop import APP, COURSE, FILE, GREET, HELLO, NAME

START = "%load_ext kata\n%lesson 01"


class Notebook:
    """A notebook in IPython's own shell: run cells, read what appears below them."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell

    def run(self, source: str) -> str:
        """Run a cell, fail on an exception, and return what is shown, as one line."""
        with capture_output() as shown:
            result = self.shell.run_cell(source)
        result.raise_error()
        texts = [output.data["text/plain"] for output in shown.outputs]
        return " ".join(f"{shown.stdout} {' '.join(texts)} {shown.stderr}".split())


@pytest.fixture
def notebook(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Notebook]:
    """A notebook opened in the workspace, with the extension not yet loaded."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("KATA_COURSE", str(COURSE.root))
    monkeypatch.delenv(workspace.VARIABLE, raising=False)
    monkeypatch.chdir(place.root)
    find_course.cache_clear()
    before, path = {*sys.modules}, [*sys.path]
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    yield Notebook(shell)
    forget_session(shell)
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()
    find_course.cache_clear()
    sys.path[:] = path
    for name in {*sys.modules} - before:
        if name.partition(".")[0] == "waybill":
            del sys.modules[name]


def forget_session(shell: InteractiveShell) -> None:
    """End what the extension has started, as the end of a kernel does."""
    if session := getattr(shell, extension.ATTRIBUTE, None):
        session.runner.close()
        delattr(shell, extension.ATTRIBUTE)


def written(place: Workspace) -> dict[str, bytes]:
    """Return every file of the workspace but progress."""
    return {
        path.relative_to(place.root).as_posix(): path.read_bytes()
        for path in sorted(place.root.rglob("*"))
        if path.is_file() and workspace.MARKER not in path.parts
    }


def kept(place: Workspace) -> list[str]:
    """Return every source in the history of the first kata."""
    history = Progress(place.progress_path).history(NAME.id)
    return [one.source.strip() for one in history]


REFUSED = {
    "a cell that does not parse": (
        GREET.replace(":\n", "\n"),
        ["BROKEN", "expected ':'", "Line 2 of this cell", "ends with a colon"],
    ),
    "a cell with a command": (
        f"#| kata: {NAME.id}\n!ls",
        ["BROKEN", "Python only", "Line 2 of this cell", "a cell of its own"],
    ),
    "clashing imports": (
        f"#| kata: {NAME.id}\nfrom starlette.applications import Starlette as FastAPI",
        ["BROKEN", "already says `from fastapi import FastAPI`", "with `as`"],
    ),
    "a name that another kata has": (
        f"#| kata: {NAME.id}\napp = 1",
        ["BROKEN", f"by the kata {HELLO.id}", "Give yours another name"],
    ),
    "a header in a string": (
        f'#| kata: {NAME.id}\nX = """\n# kata: {HELLO.id}\n"""',
        ["BROKEN", "no cell may hold one", "Line 3 of this cell"],
    ),
}


@pytest.mark.parametrize(("cell", "words"), REFUSED.values(), ids=REFUSED)
def test_a_cell_that_cannot_be_written_says_why_and_is_kept(
    cell: str, words: list[str], notebook: Notebook, place: Workspace
) -> None:
    notebook.run(START)
    place.write_all(COURSE.reference([NAME, HELLO]))
    before = written(place)
    shown = notebook.run(cell)
    assert all(word in shown for word in [*words, f"{FILE} is as it was."]), shown
    assert written(place) == before
    assert cell in kept(place)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("#| kata: greting.name\nx = 1", ["no kata `greting.name`", "`greeting.name`"]),
        ("#| kata:\nx = 1", ["There is no kata ``", "Run `kata` to see them all"]),
        ("#| needs: greeting.nam\nx", ["no kata `greeting.nam`", "`greeting.name`"]),
        ("%hint greeting.nam", ["no kata `greeting.nam`", "`greeting.name`"]),
        ("%lesson 01_greting", ["no lesson `01_greting`", "`01_greeting`"]),
        ('%lesson "01', ['no lesson `"01`']),
        (f"# My answer.\n{GREET}", ["was not run", "the first line"]),
        ("%%kata\nx = 1", ["does not begin with its kata", "its first line"]),
    ],
)
def test_a_wrong_name_suggests_the_nearest(
    cell: str, words: list[str], notebook: Notebook, place: Workspace
) -> None:
    notebook.run(START)
    before = written(place)
    shown = notebook.run(cell)
    assert all(word in shown for word in words), shown
    assert written(place) == before


@pytest.mark.parametrize("cell", [GREET, "%lesson", "#| needs: greeting.name\ngreet"])
@pytest.mark.parametrize("folder", ["nowhere", "lessons"])
def test_a_notebook_outside_a_workspace_says_where_to_go(
    cell: str,
    folder: str,
    notebook: Notebook,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "nowhere").mkdir()
    here = COURSE.root / "lessons" if folder == "lessons" else tmp_path / "nowhere"
    monkeypatch.chdir(here)
    before = {*here.iterdir()}
    shown = notebook.run(START) + notebook.run(cell)
    assert f"{here.resolve()} is not in a workspace" in shown
    assert "`kata start` makes one; then open the notebook inside it" in shown
    assert {*here.iterdir()} == before


def test_a_workspace_made_meanwhile_is_found(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "later"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert "is not in a workspace" in notebook.run(START)
    workspace.create(folder, COURSE)
    assert "Lesson 01, Greeting" in notebook.run(START)


def test_a_workspace_named_in_vain_says_so(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(workspace.VARIABLE, str(tmp_path))
    shown = notebook.run(START)
    assert f"KATA_WORKSPACE names {tmp_path}, and that is not a workspace" in shown
    assert "unset KATA_WORKSPACE" in shown


# Modes don't keep root from writing, and these tests may run as root; a file where a
# folder should be keeps everyone from it.
def test_a_service_that_cannot_be_written_keeps_the_cell(
    notebook: Notebook, place: Workspace
) -> None:
    notebook.run(START)
    (place.root / "waybill").write_text("in the way", encoding="utf-8")
    shown = notebook.run(GREET)
    # Which of the two fails first depends on the system.
    assert re.search(r"hello\.py (can't be read|could not be written): ", shown)
    assert re.search(r"Look at|Make the folder writable", shown)
    assert kept(place) == [GREET]


def test_progress_that_cannot_be_written_keeps_the_service(
    notebook: Notebook, place: Workspace
) -> None:
    place.write_all(COURSE.reference([NAME]))
    place.progress_path.mkdir()
    before = written(place)
    shown = notebook.run(START) + notebook.run(GREET.replace("Hello", "Hi"))
    assert f"can't be stored in {place.progress_path}" in shown
    assert "Make the folder writable" in shown
    assert written(place) == before


def test_a_damaged_progress_file_is_set_aside_and_named(
    notebook: Notebook, place: Workspace
) -> None:
    notebook.run(START)
    notebook.run(GREET)
    before = written(place)
    place.progress_path.write_bytes(b"damaged" * 1000)
    shown = notebook.run(GREET)
    assert "PASSED" in shown
    assert "progress.damaged-1.db" in shown
    assert "Your code is untouched" in shown
    aside = place.progress_path.with_name("progress.damaged-1.db")
    assert aside.read_bytes() == b"damaged" * 1000
    assert written(place) == before


def test_a_kata_cell_run_twice_shows_the_same_and_changes_nothing(
    notebook: Notebook, place: Workspace
) -> None:
    notebook.run(START)
    first = notebook.run(GREET)
    before = written(place)
    assert notebook.run(GREET) == first
    assert written(place) == before


def test_cells_out_of_order_name_what_comes_first_and_then_fall_into_place(
    notebook: Notebook, place: Workspace
) -> None:
    notebook.run(START)
    shown = notebook.run(APP)
    assert f"BLOCKED: {HELLO.id}" in shown
    assert f"Run the cell of {NAME.id} first" in shown
    assert f"This cell waits for {HELLO.id}" in notebook.run(
        f"#| needs: {HELLO.id}\napp.title"
    )
    assert "PASSED" in notebook.run(GREET)
    assert "PASSED" in notebook.run(APP)
    assert "'FastAPI'" in notebook.run(f"#| needs: {HELLO.id}\napp.title")
    expected = COURSE.reference([NAME, HELLO])
    assert {file: place.read(file) for file in expected} == expected


def test_newer_changes_from_an_editor_are_kept_and_told(
    notebook: Notebook, place: Workspace
) -> None:
    notebook.run(START)
    notebook.run(GREET)
    newer = (place.read(FILE) or "").replace("Hello", "Good day") + "\n\nMINE = 1\n"
    place.write(FILE, newer)
    shown = notebook.run(GREET)
    assert "changed in an editor" in shown
    assert f"what was there is kept: `kata history {NAME.id}`" in shown
    history = Progress(place.progress_path).history(NAME.id)
    (mine,) = (one.source for one in history if one.origin is Origin.EDITOR)
    assert "Good day" in mine
    assert "MINE = 1" in mine
    assert place.read(FILE) == COURSE.reference([NAME])[FILE]


def test_a_service_that_does_not_import_here_leaves_the_verdict_to_be_seen(
    notebook: Notebook, place: Workspace
) -> None:
    notebook.run(START)
    notebook.run(GREET)
    # In the child, which has no shell, the file imports; here it does not.
    only_there = "import sys\nassert 'IPython' not in sys.modules\n"
    place.write(FILE, only_there + (place.read(FILE) or ""))
    shown = notebook.run(COURSE.cells(NAME).stub)
    assert "holds the starting code again" in shown
    assert "waybill.hello does not import in this kernel" in shown


def test_a_demo_does_not_import_what_would_never_end(
    notebook: Notebook, place: Workspace
) -> None:
    notebook.run(START)
    notebook.run(GREET)
    place.write(FILE, f"{place.read(FILE)}\n\n# kata: {HELLO.id}\nwhile True: pass\n")
    # On the names that the notebook has: an import would take for ever.
    shown = notebook.run(f"#| needs: {NAME.id}\nprint(greet('Ada'))")
    assert "Hello, Ada!" in shown


def test_a_demo_has_its_names_after_a_restart(notebook: Notebook) -> None:
    notebook.run(START)
    notebook.run(GREET)
    notebook.shell.reset()
    forget_session(notebook.shell)
    notebook.run(START)
    assert "Hello, Ada!" in notebook.run(f"#| needs: {NAME.id}\nprint(greet('Ada'))")
