"""Checks of models.postcode: what is refused, and what is respelled."""

import re
import unicodedata

import pytest
from pydantic import TypeAdapter, ValidationError


def kept(sent: object) -> object:
    """Return what `Postcode` keeps of a value; None if it refuses it."""
    from waybill.schemas import Postcode

    try:
        postcode = TypeAdapter(Postcode).validate_python(sent)
    except ValidationError:
        return None
    except (AttributeError, TypeError) as error:
        raise AssertionError(
            f"The postcode {sent!r} ended in {type(error).__name__}: {error}. A client "
            f"would get a 500. Let the constraints run first, on a str."
        ) from None
    assert isinstance(postcode, str), (
        f"The postcode {sent!r} was accepted, and {postcode!r} was kept. "
        f"A validator returns what is to be kept."
    )
    return postcode


def outcome(came: object) -> str:
    """Say what became of a postcode."""
    return "was refused" if came is None else f"came out as {came!r}"


# - `Postcode` is a text of 2 to 12 characters: letters from A to Z in either case,


def test_postcode_is_short_and_plain() -> None:
    """A postcode is 2 to 12 letters from A to Z, digits, spaces and hyphens."""
    plain = ("AZ", "09", "00-950", "SW1A 1AA", "K1A 0B1", "123456789012")
    for postcode in (*plain, "-10", "10119-", "--", "- 7 -"):
        assert kept(postcode) == postcode, (
            f"The postcode {postcode!r} {outcome(kept(postcode))}. It has 2 to 12 "
            f"letters, digits, spaces and hyphens, in any order, and is kept as it is."
        )
    for postcode in ("", "1", "1234567890123", "ABCDEFGHIJKLM"):
        assert kept(postcode) is None, (
            f"The postcode {postcode!r} has {len(postcode)} characters and was "
            f"accepted; 2 to 12 are allowed."
        )


@pytest.mark.parametrize(
    "odd",
    [
        *("10_119", "Köln", "1011@9", "10[119", "10`119", "10.119", "10/119"),
        *("١٢٣٤٥", "๑๒๓๔๕", "１０１１９", "10²", "Kiev", "ſw1a"),  # noqa: RUF001
        *("10\t119", "10\n119", "10\xa0119", "10\u2003119", "10\x00119", "10\x0b119"),
        *("10–119", "10\u2212119"),  # noqa: RUF001
    ],
)
def test_nothing_else_is_in_a_postcode(odd: str) -> None:
    """Everything else is refused: tabs, line breaks, digits of other alphabets."""
    if odd == "Kiev":
        odd = "\N{KELVIN SIGN}iev"  # Its lower case is k.
    respelled = " ".join(odd.upper().split())
    looks_right = re.fullmatch("[A-Z0-9 -]{2,12}", respelled)
    order = f" And let it see what was sent: your function makes {respelled!r} of it."
    strange = dict.fromkeys(re.findall("[^A-Za-z0-9 -]", odd))
    names = ", ".join(unicodedata.name(one, repr(one)) for one in strange)
    assert kept(odd) is None, (
        f"The postcode {odd!r} was accepted, with {names} in it. Allowed are letters "
        f"from A to Z, digits from 0 to 9, spaces and hyphens. Spell them out in the "
        f"pattern: \\d and \\w know other alphabets, (?i) knows odd letters, and \\s "
        f"knows tabs.{order if looks_right else ''}"
    )


# - A number is refused.


def test_a_number_is_refused() -> None:
    """A number is refused."""
    for sent in (10119, 1067.0, True, None):
        assert kept(sent) is None, (
            f"The postcode {sent!r} is no text, and was accepted. "
            f"Leave the type at str."
        )


# - White space around a postcode is dropped before anything is counted.


def test_white_space_around_does_not_count() -> None:
    """White space around a postcode is dropped before anything is counted."""
    for sent, wanted in {
        " 10119": "10119",
        " LV-1010 ": "LV-1010",
        "\t10119\n": "10119",
        "  123456789012  ": "123456789012",
    }.items():
        assert kept(sent) == wanted, (
            f"The postcode {sent!r} {outcome(kept(sent))}; {wanted!r} is wanted. "
            f"Strip first, then count."
        )
    for sent in (" 1 ", "    ", "1  "):
        assert kept(sent) is None, (
            f"The postcode {sent!r} was accepted, and less than two characters are "
            f"left without the spaces around it. Strip first, then count."
        )


# - White space around a postcode is dropped before anything is counted. Spaces inside


def test_spaces_inside_count_as_they_were_sent() -> None:
    """Spaces inside a postcode count as they were sent."""
    fits, too_long = "SW1A     1AA", "SW1A      1AA"
    assert kept(fits) is not None, (
        f"The postcode {fits!r} has 12 characters as it was sent, and was refused; "
        f"2 to 12 are allowed."
    )
    assert kept(too_long) is None, (
        f"The postcode {too_long!r} has 13 characters as it was sent, and was "
        f"accepted. Count first, and respell afterwards."
    )


# - A postcode is kept in capitals, with one space between its parts.


def test_postcode_has_one_spelling() -> None:
    """A postcode is kept in capitals, with one space between its parts."""
    for sent, wanted in {
        "sw1a  1aa": "SW1A 1AA",
        "K1a   0b1": "K1A 0B1",
        " lv-1010 ": "LV-1010",
        " 1012  lg ": "1012 LG",
        "a b  c   d": "A B C D",
        "ec1a-1bb": "EC1A-1BB",
        "sw1a1aa": "SW1A1AA",
    }.items():
        came = kept(sent)
        advice = (
            "Too many spaces are left. replace() goes over a text only once; split() "
            "takes it apart at white space, however much that is."
            if "  " in str(came) and came == str(came).upper()
            else "The function behind AfterValidator returns what is to be kept."
        )
        assert came == wanted, (
            f"The postcode {sent!r} {outcome(came)}; {wanted!r} is wanted. {advice}"
        )
