"""Two notebooks at work in one workspace, which then is moved, and then is gone."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kata.workspace.workspace import Workspace
from tests.helpers.cli import workspace
from tests.helpers.kernel import Kernel, kernel
from tests.helpers.loop import APP, FILE, GREET

ROUNDS = 5


@dataclass
class Pair:
    """Two kernels, and where their workspace is."""

    place: Workspace
    first: Kernel
    second: Kernel


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    place = workspace(tmp_path_factory.mktemp("pair") / "my-waybill")
    with kernel(place) as first, kernel(place) as second:
        yield Pair(place, first, second)


def test_a_kata_that_is_given_lets_everything_go_on(pair: Pair) -> None:
    shown = pair.first.run("%give greeting.name").plain
    assert f"greeting.name is given: {FILE} holds the reference." in shown
    assert pair.first.run("greet('Ada')").plain == "'Hello, Ada!'"
    assert "PASSED" in pair.second.run(APP).plain
    demo = "#| needs: greeting.name\ngreet('Bob')"
    assert pair.second.run(demo).plain == "'Hello, Bob!'"
    assert "given" in pair.first.run("%lesson 01").plain


def test_two_notebooks_that_write_one_file_at_once_lose_nothing(pair: Pair) -> None:
    for number in range(ROUNDS):
        (pair.place.root / FILE).unlink(missing_ok=True)
        pair.first.send(f"{GREET}\n\n\nFIRST_{number} = 1")
        pair.second.run(f"{APP}\n\n\nSECOND_{number} = 2")
        pair.first.run("pass")  # it comes after what was sent
        text = pair.place.read(FILE) or ""
        assert f"FIRST_{number} = 1" in text
        assert f"SECOND_{number} = 2" in text


@pytest.mark.skipif(os.name == "nt", reason="there a folder in use can't be moved")
def test_a_workspace_that_moved_is_noticed_and_nothing_is_written_to_the_old_place(
    pair: Pair,
) -> None:
    old = pair.place.root
    # Only a file that is green as a whole is imported.
    assert "PASSED" in pair.second.run(f"{APP}\n\n\nSECOND = True").plain
    new = old.rename(old.with_name("moved"))
    shown = pair.first.run(f"{GREET}\n\n\nMOVED = True").plain
    assert f"goes on in {new}" in " ".join(shown.split())
    assert "PASSED" in shown
    assert not old.exists()
    assert where_it_is(pair.first) == new / FILE
    assert "has moved" not in pair.first.run(GREET).plain
    # The other notebook, at a cell that only looks.
    assert "passed" in pair.second.run("%lesson 01").plain
    new.rename(old)
    assert "PASSED" in pair.second.run(GREET).plain
    shutil.rmtree(old)
    gone = pair.first.run(GREET).plain
    assert f"was at {new}" in gone
    assert "Nothing was written." in gone
    assert not old.exists()
    assert not new.exists()


def where_it_is(notebook: Kernel) -> Path:
    """Return the file that the notebook's own `greet` was imported from."""
    shown = notebook.run("greet.__code__.co_filename").plain
    return Path(shown.splitlines()[-1].strip("'"))
