"""A kata's cell: what it defines, and what can't be part of a file."""

import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kata.source.file import NotPythonError, parse_cell


@settings(max_examples=300)
@given(st.text())
def test_any_text_is_a_cell_or_is_refused(text: str) -> None:
    with suppress(NotPythonError):
        parse_cell(text)


@pytest.mark.parametrize(
    ("cell", "line", "words"),
    [
        ("x = 1\ny = (", 2, "never closed"),
        ("x = 1\n%time x", 2, "no % or ! commands"),
        ("!ls", 1, "no % or ! commands"),
        ("x = 1\nreturn x", 2, "'return' outside function"),
        ("x = 1\nawait x", 2, "'await' outside function"),
        ("x = 1\nfrom __future__ import annotations", 2, "beginning of the file"),
        ("x = '\0'", 1, "null bytes"),
        ("x = '\ud800'", 1, "surrogates not allowed"),
        ("x = " + "-" * 100_000 + "1", 1, "can't read this cell"),
        ("x = 1\n# kata: a.two\ny = 2", 2, "no cell may hold one"),
        ('x = 1\ny = """\n# kata: a.two\n"""', 3, "not even in a string"),
        ('"""\n# kata: a.two  \n"""', 2, "not even in a string"),
        ("def f(): ...\nfrom m import f", 2, "imports come first"),
    ],
)
def test_a_cell_that_cannot_be_part_of_a_file_is_refused(
    cell: str, line: int, words: str
) -> None:
    with pytest.raises(NotPythonError) as caught:
        parse_cell(cell)
    assert caught.value.line == line
    assert words in caught.value.happened
    assert "run" in caught.value.next_step


def test_looking_at_a_cell_prints_no_warnings() -> None:
    # The suite turns warnings into errors.
    assert parse_cell('x = "\\d"\ny = x is 5').defines == {"x", "y"}


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("x = y = 1", {"x", "y"}),
        ("(a, *b), c[0], d.e = 1", {"a", "b"}),
        ("x: int = 1\ny: int", {"x"}),
        ("def f(a=(b := 1)):\n    c = 1", {"f"}),
        ("class C:\n    d = 1", {"C"}),
        ("async def f(): ...", {"f"}),
        ("x = [y for y in ()]", {"x"}),
        ("try:\n    x = 1\nexcept E:\n    y = 1\nelse:\n    z = 1", {"x", "y", "z"}),
        ("with a as b:\n    x = 1", {"x"}),
        ("match a:\n    case 1:\n        x = 1", {"x"}),
        ("for i in ():\n    x = 1", {"x"}),
        ("app.title = 1\nbox[0] = 1\ncount += 1\ndel gone", set()),
        ("import os", set()),
        pytest.param(
            "type X = int",
            {"X"},
            marks=pytest.mark.skipif(
                sys.version_info < (3, 12), reason="new in Python 3.12"
            ),
        ),
    ],
)
def test_a_cell_defines_what_it_gives_a_name_to(cell: str, names: set[str]) -> None:
    assert parse_cell(cell).defines == names
