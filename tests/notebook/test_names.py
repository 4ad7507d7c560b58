"""The service's names in a notebook: fresh after each change, and of one generation."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kata.course.curriculum import Kata
from kata.errors import KataError
from kata.notebook.names import Names
from kata.workspace.workspace import Workspace

MODELS = Kata("a.models", "Models", "shop/models.py", 1, core=True)
STORE = Kata("a.store", "Store", "shop/store.py", 1, core=True)
CELLS = {
    MODELS.id: "from enum import StrEnum\n\nclass Thing: ...\n\nLIMIT = 1",
    STORE.id: "from shop.models import Thing\n\nTHING = Thing()",
}


@pytest.fixture
def shop(place: Workspace) -> Iterator[Workspace]:
    """A workspace with a small service; the imports it leaves are removed again."""
    before, path = {*sys.modules}, [*sys.path]
    place.write("shop/__init__.py", "")
    place.write("shop/models.py", CELLS[MODELS.id])
    place.write("shop/store.py", CELLS[STORE.id])
    yield place
    sys.path[:] = path
    for name in {*sys.modules} - before:
        del sys.modules[name]


FILES = ["shop/__init__.py", "shop/models.py", "shop/store.py"]


def both(names: Names) -> dict[str, Any]:
    names.trust(FILES)
    return names.of([MODELS, STORE], CELLS)


def test_a_notebook_gets_what_the_cells_import_and_define(shop: Workspace) -> None:
    found = both(Names(shop.root))
    assert {*found} == {"StrEnum", "Thing", "LIMIT", "THING"}
    assert found["Thing"] is sys.modules["shop.models"].Thing


def test_a_kata_whose_cell_was_not_run_gives_no_names(shop: Workspace) -> None:
    names = Names(shop.root)
    names.trust(FILES)
    found = names.of([MODELS, STORE], {MODELS.id: CELLS[MODELS.id]})
    assert "THING" not in found


def test_unchanged_files_are_not_imported_again(shop: Workspace) -> None:
    names = Names(shop.root)
    assert both(names)["Thing"] is both(names)["Thing"]


def test_after_a_change_all_modules_are_of_one_generation(shop: Workspace) -> None:
    names = Names(shop.root)
    old = both(names)
    shop.write("shop/models.py", CELLS[MODELS.id].replace("1", "2"))
    new = both(names)
    assert new["LIMIT"] == 2
    assert new["Thing"] is not old["Thing"]
    assert type(new["THING"]) is new["Thing"]


def test_a_change_within_the_same_second_and_of_the_same_size_counts(
    shop: Workspace,
) -> None:
    names = Names(shop.root)
    for number in range(5):
        shop.write("shop/models.py", f"class Thing: ...\n\nLIMIT = {number}")
        assert both(names)["LIMIT"] == number
    assert not [*shop.root.rglob("*.pyc")]


def test_the_names_are_those_of_the_file_on_disk(shop: Workspace) -> None:
    shop.write("shop/models.py", "class Thing: ...\n\nEXTRA = 1")
    found = both(Names(shop.root))
    assert "LIMIT" not in found
    assert "EXTRA" not in found


def test_a_file_that_is_no_text_does_not_matter_unless_it_is_imported(
    shop: Workspace,
) -> None:
    (shop.root / "shop" / "notes.py").write_bytes(b"\xff")
    assert both(Names(shop.root))["LIMIT"] == 1


def test_a_module_that_does_not_import_is_named(shop: Workspace) -> None:
    shop.write("shop/models.py", "import nothing_of_that_name")
    with pytest.raises(KataError, match=r"shop\.models does not import") as caught:
        both(Names(shop.root))
    assert "nothing_of_that_name" in caught.value.happened


def test_the_workspace_comes_first_on_the_path_and_once(shop: Workspace) -> None:
    sys.path.append(str(shop.root))
    both(Names(shop.root))
    assert sys.path[0] == str(shop.root)
    assert sys.path.count(str(shop.root)) == 1


def test_two_workspaces_do_not_mix(shop: Workspace, tmp_path: Path) -> None:
    both(Names(shop.root))
    other = Workspace(tmp_path / "other")
    other.write("shop/__init__.py", "")
    other.write("shop/models.py", "LIMIT = 3")
    names = Names(other.root)
    names.trust(FILES)
    assert names.of([MODELS], CELLS)["LIMIT"] == 3


def test_what_no_child_has_imported_is_not_imported_here(shop: Workspace) -> None:
    names = Names(shop.root)
    names.trust(FILES)
    shop.write("shop/models.py", "while True: pass")
    assert names.of([MODELS, STORE], CELLS) == {}
    assert not names.trusts(MODELS)
    assert not names.trusts(STORE)  # it imports the other


def test_a_file_stays_trusted_while_it_and_what_it_imports_stay(
    shop: Workspace,
) -> None:
    names = Names(shop.root)
    names.trust(FILES[:2])
    shop.write("shop/store.py", "while True: pass")
    assert names.trusts(MODELS)
    assert {*names.of([MODELS, STORE], CELLS)} == {"StrEnum", "Thing", "LIMIT"}
