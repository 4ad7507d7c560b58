"""A cell that holds a file which is no Python: one raw string, and nothing else."""

import pytest

from kata.source.compare import compare_texts
from kata.source.file import NotPythonError
from kata.source.plain_text import cell_of, file_text, is_python, parse_text_cell

HEAD = "#| kata: deploy.image\n"


def text_of(cell: str) -> str:
    return file_text(parse_text_cell(cell, "Dockerfile").body)


@pytest.mark.parametrize(
    ("file", "python"),
    [
        ("waybill/app.py", True),
        ("Dockerfile", False),
        ("compose.yaml", False),
        (".dockerignore", False),
        ("k8s/waybill.yaml", False),
    ],
)
def test_a_file_s_name_tells_which_kind_it_is(file: str, python: bool) -> None:
    assert is_python(file) is python


@pytest.mark.parametrize(
    ("string", "text"),
    [
        ('r"""\nFROM a\n"""', "FROM a\n"),
        ('r"""FROM a"""', "FROM a\n"),
        ("R'''\nFROM a\n\n\n'''", "FROM a\n"),
        ('r"""\n\nFROM a\n  """', "\nFROM a\n"),
        ('r"""\nRUN a \\\n  b \\t\n"""', "RUN a \\\n  b \\t\n"),
        ('r"""\n# kata: a.b\n%run\n"""', "# kata: a.b\n%run\n"),
        ('r"""\n"""', ""),
        ('\n\nr"""\na  \nb\n"""\n\n', "a  \nb\n"),
        ('#| variant: b\nr"""\na\n"""', "a\n"),
        ('#| refused_by: test_it\n# It is wrong.\n\nr"""\na\n"""', "a\n"),
    ],
)
def test_the_file_is_the_string_and_ends_with_one_newline(
    string: str, text: str
) -> None:
    assert text_of(HEAD + string) == text


@pytest.mark.parametrize(
    ("cell", "line", "said"),
    [
        ("FROM a", 2, "as one string"),
        ('r"""\nFROM a', 2, "as one string"),
        ('"""\nFROM a\n"""', 2, "raw string"),
        ('r"FROM a"', 2, "raw string"),
        ('rb"""\nFROM a\n"""', 2, "raw string"),
        ('f"""\nFROM a\n"""', 2, "raw string|more than"),
        ('r"""\na\n"""\nx = 1', 5, "more than"),
        ('r"""\na\n""" r"""\nb\n"""', 4, "more than"),
        ('text = r"""\na\n"""', 2, "more than"),
        ('r"""\na\n""".strip()', 4, "more than"),
        ('# syntax\nr"""\na\n"""', 2, "`# syntax` stands outside"),
        ("", 1, "no text"),
    ],
)
def test_any_other_cell_is_refused_and_told_what_it_has_to_look_like(
    cell: str, line: int, said: str
) -> None:
    with pytest.raises(NotPythonError, match=said) as caught:
        text_of(HEAD + cell)
    assert caught.value.line == line
    assert "Dockerfile" in caught.value.happened
    assert 'write `r"""`' in caught.value.next_step


def test_each_line_of_the_file_knows_where_it_stands_in_the_cell() -> None:
    code = parse_text_cell(f'{HEAD}r"""\nFROM a\nUSER b\n"""', "Dockerfile")
    assert code.lines == ((3, "FROM a"), (4, "USER b"))
    assert (code.imports, code.defines) == ({}, frozenset())


@pytest.mark.parametrize(
    "text", ["", "a", "\n a", 'a """ b', "RUN a \\", "a\n\n\tb\\n"]
)
def test_what_an_editor_left_becomes_a_cell_that_writes_it_again(text: str) -> None:
    assert parse_text_cell(cell_of("a.b", text), "Dockerfile").body == text


def test_an_indent_makes_a_difference_between_two_texts() -> None:
    assert compare_texts("a:\n  b: 1", "a:\n  b: 1") == ()
    marks = [line.mark for line in compare_texts("a:\n  b: 1", "a:\nb: 1")]
    assert marks == [" ", "-", "+"]
