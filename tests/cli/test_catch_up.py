"""`kata catch-up --red`: answers that fail give way to the reference, and are kept."""

from kata.workspace.workspace import Workspace
from tests.helpers.cli import answer, kata
from tests.helpers.loop import APP, FILE, GREET


def show(place: Workspace, number: int, kata_id: str) -> str:
    return kata("history", kata_id, "--show", str(number), cwd=place.root).out


def test_red_answers_are_replaced_when_asked_and_green_ones_never(
    place: Workspace,
) -> None:
    answer(place, GREET.replace("name: str", "name: str, mark: str = '!'"))
    answer(place, APP.replace("/hello", "/hallo"))
    kata("catch-up", "02", cwd=place.root)
    assert "/hallo" in (place.read(FILE) or "")
    shown = kata("catch-up", "02", "--red", cwd=place.root)
    assert "replaced   greeting.hello" in shown.out
    assert "greeting.name" not in shown.out
    text = place.read(FILE) or ""
    assert "/hallo" not in text
    assert "mark: str" in text
    assert "/hallo" in show(place, 1, "greeting.hello")
    shown = kata("catch-up", "02", "--red", cwd=place.root)
    assert "Nothing was missing" in shown.out


def test_what_is_not_even_python_is_replaced_and_kept(place: Workspace) -> None:
    answer(place, GREET)
    text = (place.read(FILE) or "").replace("return", "retrun")
    (place.root / FILE).write_text(text, encoding="utf-8")
    shown = kata("catch-up", "02", "--red", cwd=place.root)
    assert "replaced   greeting.name" in shown.out, shown.err
    assert kata("check", "greeting.name", cwd=place.root).status == 0
    assert "retrun" in show(place, 2, "greeting.name")
