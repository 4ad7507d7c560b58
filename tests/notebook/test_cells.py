"""Cells that are not quite a kata's cell: each says so, and what to do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from kata.notebook import auto
from kata.workspace.workspace import Workspace
from tests.helpers.cli import environment, environment_without_kernel, kata, workspace
from tests.helpers.kernel import Kernel, kernel
from tests.helpers.loop import FILE, GREET, HELLO, NAME

RED = GREET.replace("!", "")
OTHER = GREET.replace('f"Hello, {name}!"', '"Hello, " + name + "!"')
BODY = GREET.partition("\n")[2]
END = "def shout(name: str) -> str:\n    return name.upper()"
LONG = f"{GREET.rstrip()}\n\n\n{END}\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace(tmp_path_factory.mktemp("cells") / "place")


@pytest.fixture(scope="module")
def notebook(place: Workspace) -> Iterator[Kernel]:
    with kernel(place) as started:
        yield started


def said(notebook: Kernel, source: str, cell: str | None = None) -> str:
    return " ".join(notebook.run(source, cell).plain.split())


@pytest.mark.parametrize(
    "line",
    [
        f"# | kata: {NAME.id}",  # as a formatter leaves it
        f"#|kata {NAME.id}",
        f"#| Kata: {NAME.id}",
        f"# kata: {NAME.id}",
        f"x = 1\n#| kata: {NAME.id}",
        f"def f():\n    #| kata: {NAME.id}\n    return 1",
        f"%%time\n#| kata: {NAME.id}",
        f"#| kata: {NAME.id}\n#| kata: {HELLO.id}",
        f"#| kata: {NAME.id}\n#| needs: {HELLO.id}",
        f"# | needs: {NAME.id}",
        f"#| exampel: {NAME.id}",
    ],
)
def test_a_near_miss_is_refused_aloud_and_nothing_is_run_or_written(
    line: str, notebook: Kernel, place: Workspace
) -> None:
    before = place.read(FILE)
    shown = said(notebook, f"{line}\nran = True\n{BODY}")
    assert "This cell was not run" in shown
    assert "first line" in shown or "Leave one of them" in shown
    assert place.read(FILE) == before
    assert notebook.run("'ran' in globals()").plain == "False"


def test_a_cell_that_is_indented_as_a_whole_is_read(notebook: Kernel) -> None:
    indented = "\n".join(f"    {line}" for line in GREET.splitlines())
    assert "PASSED" in said(notebook, indented)


def test_both_halves_of_a_split_cell_say_so(notebook: Kernel, place: Workspace) -> None:
    assert "PASSED" in said(notebook, LONG, "one")
    assert "shout" in (place.read(FILE) or "")
    first = said(notebook, GREET, "one")
    assert f"{FILE} has lost the last 2 lines" in first
    assert "merge them" in first
    second = said(notebook, END, "two")
    assert f"the end of the cell of {NAME.id}" in second
    assert "do not go into waybill/hello.py" in second
    assert "has lost" not in said(notebook, GREET, "one")


def test_halves_of_a_cell_that_was_split_within_a_function_say_so(
    notebook: Kernel,
) -> None:
    head, end = f"{GREET}\n\n\ndef say() -> None:\n    print(1)", "    print(2)\n"
    assert "PASSED" in said(notebook, f"{head}\n{end}", "one")
    assert f"{FILE} has lost the last line" in said(notebook, head, "one")
    assert f"the end of the cell of {NAME.id}" in said(notebook, f"\n{end}", "two")
    assert "PASSED" in said(notebook, f"{head}\n    return None", "one")
    assert f"{FILE} has lost the last line" in said(notebook, head, "one")
    assert "PASSED" in said(notebook, GREET, "one")


def test_an_older_copy_lower_down_does_not_replace_a_green_answer(
    notebook: Kernel, place: Workspace
) -> None:
    assert "NOT YET" in said(notebook, RED, "one")
    assert "PASSED" in said(notebook, GREET, "one")
    green = place.read(FILE)
    for _ in range(2):  # "Run all", twice
        for cell in ("two", "three"):
            shown = said(notebook, RED, cell)
            assert "NOT YET" in shown
            assert f"{FILE} still holds your newer answer" in shown
            assert place.read(FILE) == green
        assert "still holds" not in said(notebook, GREET, "one")
    # In the answer's own cell it is somebody's wish, and so is a change to a copy.
    assert "still holds" not in said(notebook, RED, "one")
    assert place.read(FILE) != green
    assert "PASSED" in said(notebook, GREET, "one")
    said(notebook, f"{RED}\n\n# changed", "two")
    assert place.read(FILE) != green
    assert "PASSED" in said(notebook, GREET, "one")


@pytest.mark.parametrize("cell", [None, "own"])
def test_an_earlier_answer_that_passes_is_the_answer_again(
    cell: str | None, notebook: Kernel, place: Workspace
) -> None:
    for answer in (GREET, OTHER, GREET, OTHER):
        shown = said(notebook, answer, cell)
        assert "PASSED" in shown
        assert "still holds" not in shown
        assert answer.partition("\n")[2].strip() in (place.read(FILE) or "")
    compared = notebook.run(f"%diff {NAME.id}").plain
    assert OTHER.strip().splitlines()[-1] in compared  # what it calls yours


def test_after_a_restart_an_earlier_answer_that_passes_is_the_answer_again(
    place: Workspace,
) -> None:
    for answer in (GREET, OTHER, GREET):
        with kernel(place) as restarted:
            assert "PASSED" in said(restarted, answer, "own")
        assert answer.partition("\n")[2].strip() in (place.read(FILE) or "")


def test_an_earlier_answer_in_another_cell_waits_for_a_second_run(
    notebook: Kernel, place: Workspace
) -> None:
    for _ in range(2):  # "Run all", twice
        said(notebook, OTHER, "own")
        kept = place.read(FILE)
        assert f"{FILE} still holds your newer answer" in said(notebook, GREET, "copy")
        assert place.read(FILE) == kept
    assert "still holds" not in said(notebook, GREET, "copy")
    assert place.read(FILE) != kept


def test_going_back_says_where_the_other_answer_is(
    notebook: Kernel, place: Workspace
) -> None:
    said(notebook, f"{GREET}\n\n# the first")
    said(notebook, f"{OTHER}\n\n# the second")
    shown = said(notebook, f"{GREET}\n\n# the first")
    assert f"again, and {FILE} holds it now. What was there is attempt" in shown
    number = shown.partition("What was there is attempt ")[2].partition(":")[0]
    kept = kata("history", NAME.id, "--restore", number, cwd=place.root)
    assert f"Attempt {number} is in {FILE} again" in " ".join(kept.out.split())
    assert "# the second" in (place.read(FILE) or "")


def test_an_earlier_answer_that_is_red_is_put_back_by_a_second_run(
    notebook: Kernel, place: Workspace
) -> None:
    assert "NOT YET" in said(notebook, RED)
    assert "PASSED" in said(notebook, GREET)
    green = place.read(FILE)
    assert "run this cell once more" in said(notebook, RED)
    assert place.read(FILE) == green
    assert "still holds" not in said(notebook, RED)
    assert place.read(FILE) != green
    assert "PASSED" in said(notebook, GREET)


@pytest.mark.parametrize("front_end", ["VS Code", "Jupyter"])
def test_the_notebooks_own_folder_counts_and_not_the_kernels(
    front_end: str, place: Workspace, tmp_path: Path
) -> None:
    lesson = str(place.root / "01_greeting.ipynb")
    told = {"JPY_SESSION_NAME": lesson} if front_end == "Jupyter" else {}
    with kernel(Workspace(tmp_path), **told) as elsewhere:
        if front_end == "VS Code":
            lost = said(elsewhere, GREET)
            assert f"{tmp_path} is not in a workspace" in lost
            assert "open that folder itself in your editor" in lost
            elsewhere.run(f"__vsc_ipynb_file__ = {lesson!r}")
        assert "PASSED" in said(elsewhere, GREET)
        assert not (tmp_path / "waybill").exists()


@contextmanager
def plain_kernel(python: Path, folder: Path) -> Iterator[Kernel]:
    """A kernel of a Python as its own `python3` kernel is, with nothing run in it."""
    manager = KernelManager()
    manager._kernel_spec = KernelSpec(
        argv=[str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    )
    manager.start_kernel(cwd=str(folder), env=environment(folder, {}))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    try:
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_kata_is_checked_although_the_first_cell_was_not_run(tmp_path: Path) -> None:
    python = environment_without_kernel(tmp_path / "env")
    kata("start", "--no-server", cwd=tmp_path, python=python)
    with plain_kernel(python, tmp_path / "my-waybill") as notebook:
        assert "PASSED" in said(notebook, GREET)
        assert "Lesson 01" in said(notebook, "%lesson 01")
    loaded = "import sys\n'kata.notebook.session' in sys.modules"
    (tmp_path / "elsewhere").mkdir()
    with plain_kernel(python, tmp_path / "elsewhere") as other:
        assert other.run(loaded).plain == "False"  # elsewhere nothing is loaded


def test_settings_that_are_there_already_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    file = tmp_path / auto.SETTINGS
    auto.install()
    assert auto.__name__ in file.read_text(encoding="utf-8")
    file.write_text("c = get_config()", encoding="utf-8")
    auto.install()
    assert file.read_text(encoding="utf-8") == "c = get_config()"
