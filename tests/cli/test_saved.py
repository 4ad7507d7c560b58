"""A cell that was saved and never run is an answer; what a machine is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from kata.verdict import Status
from kata.workspace.workspace import Workspace
from tests.helpers.cli import answer, kata, workspace
from tests.helpers.loop import (
    APP,
    COURSE,
    DOUBLE,
    GREET,
    HELLO,
    NAME,
    NUMBERS,
    TWICE,
    save_cell,
)

RED = GREET.replace("!", "?")
NOTEBOOK = "01_greeting.ipynb"


def hand_in(place: Workspace) -> None:
    """Save right answers in both notebooks, and run none of them."""
    save_cell(place, "01_greeting", "name-stub", GREET)
    save_cell(place, "01_greeting", "hello-stub", APP)
    save_cell(place, "02_counting", "double-stub", TWICE)


def said(text: str) -> str:
    return " ".join(text.split())


def test_a_right_notebook_that_was_never_run_is_green(place: Workspace) -> None:
    hand_in(place)
    shown = kata("check", cwd=place.root)
    assert shown.status == 0, shown.out
    assert shown.out.endswith("3 of 3 katas are green.\n")
    assert "run as it is saved in 01_greeting.ipynb" in said(shown.out)
    assert place.read(NUMBERS) == COURSE.reference([DOUBLE])[NUMBERS]
    again = kata("check", cwd=place.root)
    assert again.out.endswith("3 of 3 katas are green.\n")
    assert "as it is saved" not in again.out


def test_a_notebook_that_can_not_be_read_is_named(place: Workspace) -> None:
    (place.root / NOTEBOOK).write_text("{", encoding="utf-8")
    shown = kata("check", NAME.id, cwd=place.root)
    assert f"{NOTEBOOK} is not a notebook." in shown.out
    assert "was not looked at" in said(shown.out)


def test_a_mark_of_the_byte_order_before_a_notebook_is_no_fault(
    place: Workspace,
) -> None:
    hand_in(place)
    path = place.root / NOTEBOOK
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert kata("check", NAME.id, cwd=place.root).status == 0


# For machines.


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Path, dict[str, Any]]:
    """One kata given, one red, one with no answer; and what a machine is told."""
    place = workspace(tmp_path_factory.mktemp("machines") / "my-waybill")
    kata("give", NAME.id, cwd=place.root)
    answer(place, APP.replace("greet(name)", "greet(name).upper()"))
    shown = kata("check", "--json", cwd=place.root)
    return shown.status, place.root, json.loads(shown.out)


def test_a_machine_is_told_what_each_kata_came_to(
    told: tuple[int, Path, dict[str, Any]],
) -> None:
    status, root, data = told
    assert status == 1
    assert {*data} == {"format", "course", "workspace", "counts", "katas"}
    assert (data["format"], data["workspace"]) == (1, str(root))
    assert data["counts"] == {status.value: 0 for status in Status} | {
        "given": 1,
        "failed": 1,
        "untouched": 1,
    }
    found = [(one["id"], one["status"], one["solved"]) for one in data["katas"]]
    assert found == [
        (NAME.id, "given", False),
        (HELLO.id, "failed", False),
        (DOUBLE.id, "untouched", False),
    ]


def test_a_machine_is_told_what_a_person_is_told(
    told: tuple[int, Path, dict[str, Any]],
) -> None:
    given, red, _ = told[2]["katas"]
    assert {one["outcome"] for one in given["rules"]} == {"holds"}
    assert given["problem"] is None
    assert "counts as given" in " ".join(given["notes"])
    assert red["lesson"] == "01_greeting"
    assert red["problem"]["exchange"]["request"].startswith("GET /hello/")
    assert red["problem"]["exchange"]["response"].startswith("200")
    assert red["problem"]["happened"]


def test_every_field_of_what_a_machine_is_told_is_described(
    told: tuple[int, Path, dict[str, Any]],
) -> None:
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    names = {*told[2], *told[2]["katas"][1], *told[2]["katas"][1]["problem"]}
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []
