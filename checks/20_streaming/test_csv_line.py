"""Checks of streaming.csv_line: cells that stay cells, and texts that stay texts."""

import csv
import re
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from typing import Any

import pytest

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What a formula begins with; the last four are as wide as a Japanese letter."""
IGNORED = re.compile(r'[\s\x00-\x1f"]+')
"""What some spreadsheets drop from the beginning of a cell."""


class Depot(StrEnum):
    """A text of another class."""

    ODD = "=1+1"


def line_of(cells: Any) -> str:  # noqa: ANN401  # any iterable
    """Return what `csv_line` makes of some cells; it must be one text."""
    from waybill.exports import csv_line

    line = csv_line(cells)
    assert isinstance(line, str), (
        f"csv_line({cells!r}) returned {line!r}; it should return one text."
    )
    return line


def rows_of(text: str) -> list[list[str]]:
    """Return the rows that Python's csv.reader reads in a text."""
    return [*csv.reader(StringIO(text, newline=""))]


def begins_formula(text: str) -> bool:
    """Tell whether a spreadsheet that drops what it ignores sees a formula."""
    return IGNORED.sub("", text)[:1] in [*SIGNS]


# - The line holds the cells in order, and ends in a line break.
def test_a_line_holds_its_cells() -> None:
    """A line holds the cells in order, and ends in a line break."""
    rows = [["WB1", "Zoë Ng", "Berlin", 750], ["WB22", "Max", "Graz", 1200]]
    text = "".join(map(line_of, rows))
    found = rows_of(text)
    wanted = [[str(cell) for cell in row] for row in rows]
    assert found == wanted, (
        f"Two lines were made of {rows}. Together they are {text!r}, and a program "
        f"reads {found}."
    )
    line = line_of(cell for cell in ("WB1", 2))
    assert rows_of(line) == [["WB1", "2"]], (
        f"The cells came from a generator of 'WB1' and 2, and the line is {line!r}. A "
        "generator can be gone through once."
    )


# - Commas, quotes, line breaks and empty texts come back from Python's `csv.reader`
@pytest.mark.parametrize(
    "cell", ["Vogt, Lena", 'Lena "L" Vogt', '"', ",", '","', "", "a;b", "O'Neill"]
)
def test_no_cell_forges_a_column(cell: str) -> None:
    """Commas, quotes and empty texts come back as they went in."""
    line = line_of(["WB1", cell, "Berlin"])
    found = rows_of(line)
    assert found == [["WB1", cell, "Berlin"]], (
        f"The cells were 'WB1', {cell!r} and 'Berlin'. The line is {line!r}, and a "
        f"program reads it as {found}. A cell with a comma or a quote in it needs "
        "quotes around it, and its own quotes doubled: csv.writer does both."
    )


@pytest.mark.parametrize(
    "cell", ["Lena\nVogt", "Lena\r\nWB2,forged,Berlin", "Lena\rVogt", "Lena\n"]
)
def test_no_cell_forges_a_row(cell: str) -> None:
    """Line breaks come back as they went in, inside of their cell."""
    line = line_of(["WB1", cell, "Berlin"])
    found = rows_of(line)
    advice = (
        "A cell with a line break in it needs quotes around it. csv.writer knows a "
        "line break by its `lineterminator`: it may leave `\\r` bare if that has none."
    )
    assert found == [["WB1", cell, "Berlin"]], (
        f"The cells were 'WB1', {cell!r} and 'Berlin'. The line is {line!r}, and a "
        f"program reads it as {found}. {advice if len(found) > 1 else ''}"
    )


# - A text that could begin a formula gets a `'` in front.
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", "\0", '"', "\u3000\x1f"])
@pytest.mark.parametrize("sign", SIGNS)
def test_a_formula_becomes_text(before: str, sign: str) -> None:
    """A text that could begin a formula gets a `'` in front."""
    cell = f"{before}{sign}1+1"
    line = line_of(["WB1", cell])
    found = rows_of(line)
    read = found[0][1] if len(found) == 1 and len(found[0]) == 2 else None
    assert read is not None, (
        f"The cells were 'WB1' and {cell!r}. The line is {line!r}: read as {found}."
    )
    assert read.startswith("'"), (
        f"A sender chose {cell!r}, and the line is {line!r}. A spreadsheet reads the "
        f"cell as {read!r} and may run it, because it drops what stands before the "
        "sign. Put a `'` in front. Quotes around a cell are no protection: they are "
        "gone once it is read."
    )
    assert read.replace("'", "") == cell, (
        f"A sender chose {cell!r}, and a program reads {read!r}. Only the `'` should "
        "be new."
    )


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "=",
        '=HYPERLINK("http://evil.example","Invoice")',
        "+49 30 1234",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1,2)",
        "-3",
        "+1.5",
        "-1e9",
        Depot.ODD,
    ],
)
def test_texts_that_look_like_numbers_are_texts(cell: str) -> None:
    """A text that begins with a sign gets its `'`, even one such as `-3`."""
    line = line_of(["WB1", cell])
    found = rows_of(line)
    assert found == [["WB1", f"'{cell}"]], (
        f"The sender chose the text {cell!r}, and the line is {line!r}: read as "
        f"{found[0][1:]}. Expected is {[chr(39) + cell]}. What a cell looks like is "
        "no proof: what is a `str` was chosen by somebody."
    )


# - After a `;`, a tab or a line break inside a text, a formula gets a `'` as well,
@pytest.mark.parametrize(
    "cell",
    [
        "Lena;=1+1",
        "Lena;=1+1;",
        "Lena\t-1",
        "Lena\n@SUM(1)",
        "Lena;=1+1;=2",
        "a;-1\n=2",
    ],
)
@pytest.mark.parametrize("between", ["", " ", '"', ";\0"])
def test_no_separator_begins_a_formula(cell: str, between: str) -> None:
    """After a `;`, a tab or a line break, a formula gets a `'`, too."""
    cell = re.sub(r"(?<=[;\t\n])(?=[=@-])", between, cell)
    line = line_of(["WB1", cell, "Berlin"])
    parts = re.split(r"[;\t\r\n]", line)
    bad = [part for part in parts if begins_formula(part)]
    assert not bad, (
        f"A sender chose {cell!r}, and the line is {line!r}. A spreadsheet that splits "
        f"at `;`, at tabs or at line breaks finds the cell {bad[0]!r} and may run it. "
        "Put a `'` there: FORMULA finds the places."
    )
    found = rows_of(line)
    assert [[one.replace("'", "") for one in row] for row in found] == [
        ["WB1", cell, "Berlin"]
    ], f"The text was {cell!r}, and a program reads {found}. Only a `'` should be new."


# - All other texts stay as they are.
@pytest.mark.parametrize(
    "cell",
    [
        "Anna-Lena",
        "a=b",
        "lena@example.com",
        "1+1",
        "'quoted'",
        "Zoë",
        " x ",
        "Vogt, -Lena",
        "a; b=c",
        "x;1-2",
        "Łódź 包裹",
        "7 = 7",
        "a\tb",
        "a\\b",
        r"\\depot\labels",
    ],
)
def test_other_texts_stay(cell: str) -> None:
    """A text with `=`, `+`, `-` or `@` further on stays as it is."""
    line = line_of([cell, "x"])
    found = rows_of(line)
    assert found == [[cell, "x"]], (
        f"The cell was {cell!r}, and the line is {line!r}: read as {found}. A formula "
        "begins where a cell begins, and nowhere else."
    )


# - Numbers stay as they are: `-3` is no formula, but the text `"-3"` could begin one.
@pytest.mark.parametrize(
    "number", [-3, 0, 750, Decimal("-4.50"), Decimal("19.90"), -0.5]
)
def test_numbers_stay(number: object) -> None:
    """Numbers stay as they are, negative ones too."""
    line = line_of(["WB1", number])
    found = rows_of(line)
    assert found == [["WB1", str(number)]], (
        f"The cell was {number!r}, and the line is {line!r}: read as {found[0][1:]}. "
        "A number is no formula; only what is a `str` can be one."
    )


def test_the_sample_comes_out_as_it_is_written() -> None:
    """The cells of the task's sample come back, with a `'` at each formula."""
    line = line_of(["Vogt, Lena", "=1+1", "Lena;=1+1", -3])
    found = rows_of(line)
    assert found == [["Vogt, Lena", "'=1+1", "Lena;'=1+1", "-3"]], (
        f"The line is {line!r}, and a program reads {found}."
    )
