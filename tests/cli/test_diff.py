"""`kata diff` and `%diff`: your answer beside the reference, once it is green."""

import os
import re
from pathlib import Path

import pytest

from kata.loop.loop import Loop
from kata.loop.reveal import reveal
from kata.workspace.workspace import Workspace
from tests.helpers.cli import answer, kata, workspace
from tests.helpers.kernel import kernel
from tests.helpers.loop import APP, GREET, NAME, edit
from tests.helpers.terminal import shown_in_terminal

LONGER = GREET.replace('f"Hello, {name}!"', '"Hello, " + name + "!"')
RED = GREET.replace("!", "")


@pytest.fixture
def green(tmp_path: Path) -> Workspace:
    """A workspace whose first kata is green, written in another way."""
    place = workspace(tmp_path / "my-waybill")
    answer(place, LONGER)
    return place


def test_yours_stands_beside_the_reference_and_what_else_is_right(
    green: Workspace,
) -> None:
    shown = kata("diff", NAME.id, cwd=green.root)
    assert shown.status == 0
    assert '-    return "Hello, " + name + "!"' in shown.out
    assert '+    return f"Hello, {name}!"' in shown.out
    assert " def greet(name: str) -> str:" in shown.out
    assert "Also right: with format\n\n    def greet" in shown.out
    assert shown.out.endswith("\nBecause.\n")
    assert "\x1b" not in shown.out


def test_an_answer_like_the_reference_is_told_so(green: Workspace) -> None:
    answer(
        green,
        GREET.replace('"""', "'''").replace('"Hello', "'Hello").replace('!"', "!'"),
    )
    assert "say the same" in kata("diff", NAME.id, cwd=green.root).out


def test_the_reference_stays_covered_until_green_or_asked_for(
    tmp_path: Path,
) -> None:
    place = workspace(tmp_path / "my-waybill")
    answer(place, RED)
    refused = kata("diff", NAME.id, cwd=place.root)
    assert refused.status == 2
    assert 'f"Hello, {name}!"' not in refused.out + refused.err
    assert f"`kata hint {NAME.id}`" in refused.err
    spoiled = kata("diff", NAME.id, "--spoil", cwd=place.root)
    assert '-    return f"Hello, {name}"' in spoiled.out


def test_an_edit_in_the_middle_of_a_sentence_can_be_compared(loop: Loop) -> None:
    for cell in (GREET, APP):
        loop.run_cell(cell)
    edit(loop, 'return f"Hello, {name}!"', "return f(")
    lines = reveal(loop, NAME, spoil=True).lines
    assert ("-", "    return f(") in {(line.mark, line.text) for line in lines}


def test_the_magic_shows_the_same_as_text_and_as_html(green: Workspace) -> None:
    in_terminal = kata("diff", NAME.id, cwd=green.root).out
    with kernel(green) as notebook:
        assert "Which kata?" in notebook.run("%diff").plain
        shown = notebook.run(f"%diff {NAME.id}")
        assert shown.plain.split() == in_terminal.split()
        assert re.search(
            r"<span [^>]+>\+    return f&quot;Hello, \{name\}!", shown.html
        )
        assert "Also right: with format</summary>" in shown.html
        notebook.run(RED)
        assert "is not green yet" in notebook.run("%diff").plain
        assert "with format" in notebook.run("%diff --spoil").plain


@pytest.mark.skipif(os.name == "nt", reason="there are no such terminals")
def test_a_terminal_shows_it_in_colour(green: Workspace) -> None:
    shown = shown_in_terminal("diff", NAME.id, cwd=green.root)
    assert re.search(r'\x1b\[31m-    return "Hello', shown)
    assert re.search(r'\x1b\[32m\+    return f"Hello', shown)
