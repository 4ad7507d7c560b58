"""`kata diff` and `%diff`: what differs in meaning, and nothing that does not."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.loop.loop import Loop
from kata.loop.reveal import reveal
from kata.source.compare import compare
from kata.workspace.workspace import Workspace
from tests.helpers.cli import KATA, answer, environment, kata, workspace
from tests.helpers.kernel import kernel
from tests.helpers.loop import APP, GREET, NAME, edit
from tests.helpers.places import ROOT

COURSE = Course(ROOT)
LONGER = GREET.replace('f"Hello, {name}!"', '"Hello, " + name + "!"')
RED = GREET.replace("!", "")
WRITTEN = """\
from b import c
from a import b


class Box(Base):
    '''A box.'''

    # What is in it.
    size: int = Field(
        ge=1,
        le=2,
    )

    @property
    def label(self) -> str:
        if (self.size > 1):
            return 'big'
        else:
            return "s" "mall"
"""
FORMATTED = '''\
from b import c
from a import b
class Box(Base):
  """A box."""
  # What is in it.
  size: int = Field(ge=1, le=2)
  @property
  def label(self) -> str:
    if self.size > 1:
      return "big"
    else:
      return "small"
'''


def changes(mine: str, other: str) -> list[str]:
    return [
        f"{line.mark}{line.text}" for line in compare(mine, other) if line.mark != " "
    ]


@pytest.fixture
def green(tmp_path: Path) -> Workspace:
    """A workspace whose first kata is green, written in another way."""
    place = workspace(tmp_path / "my-waybill")
    answer(place, LONGER)
    return place


def test_differences_of_form_are_none() -> None:
    assert compare(WRITTEN, FORMATTED) == ()


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ("x = (1,)", "x = (1)"),
        ("x = 1  # one", "x = 1  # two"),
        ("# one\nx = 1", "x = 1"),
        ("x = [  # one\n    1\n]", "x = [1]"),
        ('f"{x} "', 'f"{x}"'),
        ("if x:\n    y()\nz()", "if x:\n    y()\n    z()"),
        ("x = '''a\n  b'''", "x = '''a\n b'''"),
    ],
)
def test_differences_of_meaning_and_of_comments_show(mine: str, other: str) -> None:
    assert compare(mine, other)
    assert compare(mine, mine) == ()


def test_lines_are_shown_as_their_authors_wrote_them() -> None:
    mine = "a = 1\n\nb = Field(ge = 1,\n  le = 3)\nc = 'x'\n"
    other = 'a = 1\n\nb = Field(ge=1, le=4)\nc = "x"\nd = 2\n'
    assert [f"{line.mark}{line.text}" for line in compare(mine, other)] == [
        " a = 1",
        " ",
        "-b = Field(ge = 1,",
        "-  le = 3)",
        "+b = Field(ge=1, le=4)",
        " c = 'x'",
        "+d = 2",
    ]


def test_code_that_does_not_parse_is_compared_by_its_lines() -> None:
    assert changes("x = (\n  y", "x = 1\ny") == ["-x = (", "+x = 1"]


@pytest.mark.parametrize("one", COURSE.curriculum.katas, ids=lambda one: one.id)
def test_every_solution_is_the_same_as_itself_and_its_variants_are_not(
    one: Kata,
) -> None:
    solutions = COURSE.cells(one).solutions
    for number, left in enumerate(solutions):
        for right in solutions[number:]:
            assert (compare(left, right) == ()) is (left == right)


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
    import pty

    ours, theirs = pty.openpty()
    settings = environment(green.root, {"TERM": "xterm"})
    subprocess.run(
        [KATA, "diff", NAME.id], stdout=theirs, cwd=green.root, env=settings, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert re.search(r'\x1b\[31m-    return "Hello', shown)
    assert re.search(r'\x1b\[32m\+    return f"Hello', shown)
