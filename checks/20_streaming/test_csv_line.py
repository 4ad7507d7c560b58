"""Checks of streaming.csv_line: cells that stay cells, and texts that stay texts."""

import csv
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest


def read(*rows: list[Any]) -> tuple[str, list[list[str]]]:
    """Return what `csv_line` makes of rows, and how Python's csv.reader reads it."""
    from waybill.exports import csv_line

    lines = [csv_line(row) for row in rows]
    for row, line in zip(rows, lines, strict=True):
        assert isinstance(line, str), (
            f"csv_line({row!r}) returned {line!r}; it returns one text."
        )
    text = "".join(lines)
    return text, [*csv.reader(StringIO(text, newline=""))]


def test_a_line_holds_its_cells() -> None:
    """A line holds the cells in order, and ends in a line break."""
    rows = [["WB1", "Zoë Ng", "Berlin", 750], ["WB22", "Max", "Graz", 1200]]
    text, found = read(*rows)
    wanted = [[str(cell) for cell in row] for row in rows]
    assert found == wanted, (
        f"Two lines were made of {rows}. Together they are {text!r}, and are read as "
        f"{found}."
    )


@pytest.mark.parametrize(
    "cell", ["Anna-Lena", "a=b", "lena@example.com", "1+1", "'quoted'", "Zoë", " x "]
)
def test_other_texts_stay(cell: str) -> None:
    """A text with `=`, `+`, `-` or `@` further on stays as it is."""
    text, found = read([cell, "x"])
    assert found == [[cell, "x"]], (
        f"The cell was {cell!r}, and the line is {text!r}: read as {found}. Only the "
        "first character makes a formula."
    )


@pytest.mark.parametrize(
    "cell", ["Vogt, Lena", 'Lena "L" Vogt', '"', ",", '","', "", "a;b", "O'Neill"]
)
def test_no_cell_forges_a_column(cell: str) -> None:
    """Commas, quotes and empty texts come back as they went in."""
    text, found = read(["WB1", cell, "Berlin"])
    assert found == [["WB1", cell, "Berlin"]], (
        f"The cells were 'WB1', {cell!r} and 'Berlin'. The line is {text!r}, and a "
        f"program reads it as {found}. A cell with a comma or a quote in it needs "
        "quotes around it, and its own quotes doubled; the standard library knows the "
        "rules."
    )


@pytest.mark.parametrize(
    "cell", ["Lena\nVogt", "Lena\r\nWB2,forged,Berlin", "Lena\rVogt", "Lena\n"]
)
def test_no_cell_forges_a_row(cell: str) -> None:
    """Line breaks come back as they went in, inside of their cell."""
    text, found = read(["WB1", cell, "Berlin"])
    advice = (
        "A cell with a line break in it needs quotes around it. csv.writer knows a "
        "line break by its `lineterminator`: it may leave `\\r` bare if that has none."
    )
    assert found == [["WB1", cell, "Berlin"]], (
        f"The cells were 'WB1', {cell!r} and 'Berlin'. The line is {text!r}, and a "
        f"program reads it as {found}. {advice if len(found) > 1 else ''}"
    )


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://evil.example","Invoice")',
        "=",
        "+49 30 1234",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1,2)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\r\n=1+1",
    ],
)
def test_a_formula_becomes_text(cell: str) -> None:
    """A text that could begin a formula gets a `'` in front."""
    text, found = read(["WB1", cell])
    assert found == [["WB1", f"'{cell}"]], (
        f"A sender chose {cell!r}, and the line is {text!r}. A spreadsheet reads the "
        f"cell as {found[0][1:] if found else None}, and may run what begins so; "
        f"wanted is {[chr(39) + cell]}. Quotes around a cell are no protection: they "
        "are gone once it is read."
    )


@pytest.mark.parametrize(
    "number", [-3, 0, 750, Decimal("-4.50"), Decimal("19.90"), -0.5]
)
def test_numbers_stay(number: object) -> None:
    """Numbers stay as they are, negative ones too."""
    text, found = read(["WB1", number])
    assert found == [["WB1", str(number)]], (
        f"The cell was {number!r}, and the line is {text!r}: read as "
        f"{found[0][1:] if found else None}. A number is no formula; only what is a "
        "`str` can be one."
    )


def test_any_iterable_will_do() -> None:
    """The cells may come from any iterable, and each is taken once."""
    from waybill.exports import csv_line

    line = csv_line(cell for cell in ("WB1", 2))
    found = [*csv.reader(StringIO(line, newline=""))]
    assert found == [["WB1", "2"]], (
        f"The cells came from a generator of 'WB1' and 2, and the line is {line!r}. A "
        "generator can be gone through once."
    )
