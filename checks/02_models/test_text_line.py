"""Checks of models.text_line: what a text must be like."""

import pytest
from pydantic import TypeAdapter, ValidationError

SPACES = (" ", "  ", "\t", "\n", " \r\n")
ODD_BUT_FINE = (
    *("Ø", "Łódź", "山田 太郎", "ß" * 100, "c/o: Lena + Söhne <3", "№ 5, „Hof“ @ §12"),
    *("Rue\xa0Neuve 3", "\u0645\u06cc\u200c\u062e\u0648", "Haus \U0001f3e0"),
)
"""Among them a space that doesn't break, and the joiner that Persian names need."""


def kept(name: str, sent: object) -> object:
    """Return what a type of the learner keeps of a value; None if it refuses it."""
    from waybill import schemas

    try:
        return TypeAdapter(getattr(schemas, name)).validate_python(sent)
    except ValidationError:
        return None


def outcome(came: object) -> str:
    """Say what became of a value."""
    return "was refused" if came is None else f"came out as {came!r}"


# - `TextLine` is a text of 1 to 100 characters.


def test_a_line_has_one_to_a_hundred_characters() -> None:
    """A `TextLine` is a text of 1 to 100 characters."""
    for text in ("L", "Lena", "O'Neil-Smith", "x" * 100, *ODD_BUT_FINE):
        advice = (
            "Does your pattern allow more than one character?"
            if text.isalpha() and text.isascii()
            else "Only control characters are refused: the rest stays as it is."
        )
        assert kept("TextLine", text) == text, (
            f"A TextLine of {len(text)} characters, {text[:20]!r}, "
            f"{outcome(kept('TextLine', text))}. 1 to 100 characters are allowed. "
            f"{advice}"
        )
    for text in ("", "x" * 101, "é" * 101):
        assert kept("TextLine", text) is None, (
            f"A TextLine of {len(text)} characters was accepted; 1 to 100 are "
            f"allowed. StringConstraints takes min_length and max_length."
        )
    for other in (10119, True, None, ["Lena"]):
        assert kept("TextLine", other) is None, (
            f"{other!r} was accepted as a TextLine, and it is no text. "
            f"Build the type on str alone: Annotated[str, …]."
        )


# - White space around a `TextLine` or a `Country` is dropped before anything is


@pytest.mark.parametrize("space", SPACES)
def test_white_space_around_does_not_count(space: str) -> None:
    """White space around a `TextLine` or a `Country` is dropped before counting."""
    for name, text in (
        ("TextLine", "Lena Vogt"),
        ("TextLine", "x" * 100),
        ("Country", "DE"),
    ):
        sent = f"{space}{text}{space}"
        assert kept(name, sent) == text, (
            f"The {name} {sent[:20]!r} came out as {kept(name, sent)!r} (None means "
            f"refused); {text[:20]!r} is wanted. Which argument of `Title` drops "
            f"spaces?"
        )
    for name in ("TextLine", "Country"):
        assert kept(name, space * 2) is None, (
            f"{space * 2!r} was accepted as a {name}. Nothing is left of it without "
            f"its white space. Strip first, then count."
        )
    for name, sent, wanted in (
        ("TextLine", "\tLena Vogt\n", "Lena Vogt"),
        ("Country", " DE ", "DE"),
    ):
        assert kept(name, sent) == wanted, (
            f"The {name} {sent!r} came out as {kept(name, sent)!r} (None means "
            f"refused); {wanted!r} is wanted. Strip first, then look at the characters."
        )
    inside = "Lena  von  Au"
    assert kept("TextLine", inside) == inside, (
        f"The TextLine {inside!r} came out as {kept('TextLine', inside)!r}. Only the "
        f"white space around a text is dropped; inside it stays."
    )


# - Once its ends are stripped, a `TextLine` has no control character in it: no tab,


@pytest.mark.parametrize("control", ["\x00", "\t", "\n", "\r", "\x1b", "\x7f", "\x85"])
def test_a_line_has_no_control_character(control: str) -> None:
    """Once its ends are stripped, a `TextLine` has no control character in it."""
    for text in (f"Lena{control}Vogt", f"1 {control} 2", "Lena\nVogt"):
        assert kept("TextLine", text) is None, (
            f"The TextLine {text!r} was accepted, and {control!r} is a control "
            f"character. Does your pattern hold for every character, from ^ to $?"
        )
    if not control.isspace():
        for text in (f"{control}Lena", f"Lena{control}", control):
            assert kept("TextLine", text) is None, (
                f"The TextLine {text!r} was accepted, and {control!r} is a control "
                f"character. It is refused at the ends as well."
            )


# - `Country` is two capital letters from A to Z, so `de` and `Germany` are refused.


def test_country_is_two_capital_letters() -> None:
    """A `Country` is two capital letters from A to Z."""
    for country in ("DE", "FR", "JP", "ZA", "AZ", "XX"):
        assert kept("Country", country) == country, (
            f"The Country {country!r} came out as {kept('Country', country)!r} (None "
            f"means refused). Any two capital letters will do for now: does your "
            f"pattern allow two of them, and no more?"
        )
    for country in (
        *("", "D", "DEU", "de", "De", "dE", "D1", "12", "D-", "D E", "A_", "Z[", "@A"),
        *("ÄÖ", "ДЕ", "Germany", "DE\nDE", "D\x00"),
    ):
        assert kept("Country", country) is None, (
            f"The Country {country!r} was accepted. Two capitals from A to Z are "
            f"allowed, and another spelling is refused, not corrected. Does your "
            f"pattern hold from ^ to $?"
        )
    for other in (49, None):
        assert kept("Country", other) is None, (
            f"{other!r} was accepted as a Country, and it is no text. "
            f"Build the type on str alone: Annotated[str, …]."
        )
