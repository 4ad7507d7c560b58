"""The text of a cell: its options, its lines, and when two are the same."""

import pytest

from kata.source.cell import lines_of, normalised, options


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("#| kata: a.b\nx = 1", {"kata": "a.b"}),
        ("#|kata:a.b", {"kata": "a.b"}),
        ("#|   kata  :  a.b  ", {"kata": "a.b"}),
        (
            "#| kata: a.b\r\n#| variant: two words\r\nx",
            {"kata": "a.b", "variant": "two words"},
        ),
        ("\ufeff#| kata: a.b", {"kata": "a.b"}),
        ("#| needs: a.b, c.d", {"needs": "a.b, c.d"}),
        ("#| kata: größe.ß", {"kata": "größe.ß"}),
        ("#| kata:", {"kata": ""}),
        ("x = 1\n#| kata: a.b", {}),
        ("# kata: a.b", {}),
        ("", {}),
    ],
)
def test_options_are_the_lines_at_the_head_of_a_cell(
    source: str, found: dict[str, str]
) -> None:
    assert options(source) == found


def test_lines_are_counted_as_python_counts_them() -> None:
    assert lines_of("a\nb\r\nc\rd\u2028e\x0cf\x85g") == [
        "a",
        "b",
        "c",
        "d\u2028e\x0cf\x85g",
    ]


def test_two_texts_that_look_the_same_are_the_same() -> None:
    assert normalised("\ufeff\nx = 1  \r\ny = 2\n\n") == normalised("x = 1\ny = 2")
    assert normalised("x = 1") != normalised("x  = 1")
