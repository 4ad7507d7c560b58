"""`kata update` goes by what is on disk: the texts, whatever became of the ids."""

import json
from collections.abc import Callable

import pytest

from tests.helpers.loop import GREET
from tests.helpers.update import (
    FIRST,
    NEW_STUB,
    UP_TO_DATE,
    Desk,
    Raw,
    new_cell,
    said,
)


def test_an_update_that_an_editor_saved_over_is_done_again(desk: Desk) -> None:
    before = desk.mine.raw
    desk.lesson.write("intro", "# Mended")
    desk.lesson.write("name-stub", NEW_STUB)
    desk.lesson.remove("hello-demo")
    desk.lesson.insert("name-demo", new_cell("more", "Look again.", "markdown"))
    desk.update("--yes")
    whole = desk.mine.texts
    # JupyterLab had the notebook open, with an answer that was not saved: "Overwrite".
    desk.mine.path.write_text(json.dumps(before), encoding="utf-8")
    desk.mine.write("hello-stub", "#| kata: greeting.hello\nmine = 1")
    shown = desk.update("--yes")
    assert f"Updated {FIRST}" in shown.out
    assert desk.mine.source("hello-stub").endswith("mine = 1")
    desk.mine.write("hello-stub", desk.lesson.source("hello-stub"))
    assert desk.mine.texts == whole
    assert desk.update("--yes").out == UP_TO_DATE


def test_a_version_before_the_last_one_is_known_as_well(desk: Desk) -> None:
    before = desk.mine.raw
    for text in ("# Mended", "# Mended again"):
        desk.lesson.write("intro", text)
        desk.update("--yes")
    desk.mine.path.write_text(json.dumps(before), encoding="utf-8")
    desk.update("--yes")
    assert desk.mine.source("intro") == "# Mended again"


def without_ids(raw: Raw) -> None:
    raw["nbformat_minor"] = 4
    for cell in raw["cells"]:
        del cell["id"]


def numbered(raw: Raw) -> None:
    """Do what nbstripout does: number the cells, and drop the outputs."""
    for number, cell in enumerate(raw["cells"]):
        cell["id"] = str(number)
        cell.update(
            {"outputs": [], "execution_count": None} if "outputs" in cell else {}
        )


@pytest.mark.parametrize("lose", [without_ids, numbered])
def test_cells_are_known_by_what_they_are(
    lose: Callable[[Raw], None], desk: Desk
) -> None:
    desk.mine.write("name-stub", GREET)
    desk.mine.write("close", desk.mine.source("close") + "\n\nMy note.")
    desk.mine.insert("name-stub", new_cell("mine", "My own thoughts.", "markdown"))
    raw = desk.mine.raw
    lose(raw)
    desk.mine.path.write_text(json.dumps(raw), encoding="utf-8")
    desk.lesson.write("intro", "# Mended")
    desk.lesson.write("name-demo", "#| needs: greeting.name\ngreet('you')")
    desk.lesson.write("hello-stub", "#| kata: greeting.hello\n...")
    desk.lesson.insert("name-demo", new_cell("more", "Look again.", "markdown"))
    shown = desk.update("--yes")
    assert shown.status == 0
    ids = [one for one in desk.mine.ids if one in desk.lesson.ids]
    assert ids == desk.lesson.ids
    for name in ("intro", "name-demo", "hello-stub", "more"):
        assert desk.mine.source(name) == desk.lesson.source(name)
    assert desk.mine.source("name-stub") == GREET
    assert desk.mine.source("close").endswith("My note.")
    sources = ["".join(cell["source"]) for cell in desk.mine.raw["cells"]]
    assert sources.count("My own thoughts.") == 1
    assert len(sources) == len(desk.lesson.ids) + 1
    assert desk.mine.raw["nbformat_minor"] == desk.lesson.raw["nbformat_minor"]
    assert desk.update("--yes").out == UP_TO_DATE


def test_an_id_on_another_kata_s_cell_does_not_make_it_this_one(desk: Desk) -> None:
    hello = desk.mine.source("hello-stub")
    desk.mine.write("name-stub", hello.replace("...", "mine = 1") + "\nmine = 1")
    desk.mine.remove("hello-stub")
    desk.lesson.write("name-stub", NEW_STUB)
    desk.lesson.write("intro", "# Mended")
    desk.update("--yes")
    assert desk.mine.source("hello-stub").endswith("mine = 1")
    assert desk.mine.source("intro") == "# Mended"


def test_a_mark_of_the_byte_order_is_no_fault(desk: Desk) -> None:
    path = desk.mine.path
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    desk.lesson.write("intro", "# Mended")
    shown = desk.update("--yes")
    assert shown.status == 0, shown.err
    assert desk.mine.source("intro") == "# Mended"


def test_a_path_with_a_hyphen_stays_whole(desk: Desk) -> None:
    folder = desk.place.root / ".kata" / "backup"
    folder.write_text("in the way", encoding="utf-8")
    desk.lesson.write("intro", "# Mended")
    shown = desk.update("--yes")
    assert str(folder) in shown.err
    assert said(shown)
