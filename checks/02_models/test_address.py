"""Checks of models.address: five texts, each with its own rules."""

import pytest
from pydantic import ValidationError

PLAIN: dict[str, object] = {
    "name": "Lena Vogt",
    "street": "Torstraße 12",
    "city": "Berlin",
    "postcode": "10119",
    "country": "DE",
}


def refused(**changes: object) -> set[str]:
    """Return the fields that `Address` refuses in PLAIN with these changes."""
    return mistakes(PLAIN | changes)


def mistakes(address: dict[str, object]) -> set[str]:
    """Return the fields of an address that `Address` refuses."""
    from waybill.schemas import Address

    try:
        Address.model_validate(address)
    except ValidationError as error:
        return {".".join(map(str, one["loc"])) for one in error.errors()}
    return set()


# - An `Address` has the fields `name`, `street`, `city`, `postcode` and `country`, and


def test_a_plain_address_is_accepted() -> None:
    """An address has a name, street, city, postcode and country, and needs all five."""
    from waybill.schemas import Address

    assert not refused(), (
        f"The address of Lena Vogt in Berlin is fine, yet yours refuses "
        f"{sorted(refused())}. Compare its fields and limits with the rules."
    )
    lacking = [field for field in PLAIN if field not in Address.model_fields]
    assert not lacking, (
        f"Address has no {', no '.join(f'`{field}`' for field in lacking)}. "
        f"A field is a line in the class: its name, a colon and its type."
    )
    for field, sent in PLAIN.items():
        kept = getattr(Address.model_validate(PLAIN), field, None)
        assert kept == sent, (
            f"`{field}` was {sent!r} and became {kept!r}. It needs no change."
        )
        without = {key: text for key, text in PLAIN.items() if key != field}
        assert mistakes(without) == {field}, (
            f"An address without `{field}` was accepted. "
            f"A field is required as long as it has no default."
        )


# - `name`, `street` and `city` keep to the rules of a `TextLine`.


@pytest.mark.parametrize("field", ["name", "street", "city"])
def test_texts_have_one_to_a_hundred_characters(field: str) -> None:
    """The name, the street and the city have 1 to 100 characters."""
    for text in ("Ø", "Łódź", "x" * 100):
        assert not refused(**{field: text}), (
            f"`{field}` was {text[:12]!r}, of length {len(text)}, and was refused. "
            f"Lengths of 1 to 100 are allowed, and no other rule than TextLine's."
        )
    for text in ("", "x" * 101):
        assert refused(**{field: text}) == {field}, (
            f"`{field}` with {len(text)} characters was accepted; 1 to 100 are "
            f"allowed. Is its type TextLine?"
        )
    assert refused(**{field: None}) == {field}, (
        f"`{field}` was None, and that was accepted. Allow no None in its type."
    )


# - `name`, `street` and `city` keep to the rules of a `TextLine`.
# - `postcode` keeps to the rules of a `Postcode`.
# - `country` keeps to the rules of a `Country`.


def test_spaces_around_a_text_do_not_count() -> None:
    """Spaces around a text are dropped before anything is counted."""
    from waybill.schemas import Address

    for field, text in PLAIN.items():
        padded = f"  {text} "
        assert not refused(**{field: padded}), (
            f"`{field}` was sent as {padded!r} and refused. Strip first, then measure."
        )
        kept = getattr(Address.model_validate(PLAIN | {field: padded}), field)
        assert kept == text, (
            f"`{field}` was sent with spaces around it and kept as {kept!r}. "
            f"TextLine, Postcode and Country drop them."
        )
        assert refused(**{field: "   "}) == {field}, (
            f"`{field}` was three spaces, and that was accepted. "
            f"Strip first, then measure."
        )
    assert not refused(city=f" {'x' * 100} "), (
        "A city of 100 characters with a space on each side was refused. "
        "Strip first, then measure."
    )
    assert refused(postcode=" 1 ") == {"postcode"}, (
        "The postcode ' 1 ' has one character without its spaces, and was accepted. "
        "Strip first, then measure."
    )


# - `country` keeps to the rules of a `Country`.


def test_country_is_two_capital_letters() -> None:
    """The country is two capital letters from A to Z."""
    for country in ("DE", "FR", "JP", "ZA", "XX"):
        assert not refused(country=country), (
            f"The country {country!r} was refused. Any two capitals will do for now."
        )
    for country in ("D", "DEU", "de", "De", "D1", "D-", "ÄÖ", "Germany", "D\x00", ""):
        assert refused(country=country) == {"country"}, (
            f"The country {country!r} was accepted. Two capitals from A to Z are "
            f"allowed; another spelling is refused, not corrected. Is its type Country?"
        )
    assert refused(country=None) == {"country"}, (
        "The country was None, and that was accepted. Allow no None in its type."
    )


# - `postcode` keeps to the rules of a `Postcode`.


def test_postcode_is_short_and_plain() -> None:
    """A postcode is a text of 2 to 12 letters A-Z, digits, spaces and hyphens."""
    for postcode in ("AZ", "00-950", "SW1A 1AA", "K1A 0B1", "123456789012"):
        assert not refused(postcode=postcode), (
            f"The postcode {postcode!r} was refused, and it has 2 to 12 letters, "
            f"digits, spaces and hyphens."
        )
    for postcode in (
        "1",
        "1234567890123",
        "10_119",
        "Köln",
        "١٢٣٤٥",
        "10\t119",
        "10\n119",
    ):
        assert refused(postcode=postcode) == {"postcode"}, (
            f"The postcode {postcode!r} was accepted. Allowed are 2 to 12 letters "
            f"A-Z, digits, spaces and hyphens."
        )
    assert refused(postcode=10119) == {"postcode"}, (
        "The postcode 10119 was sent as a number and accepted. A postcode is text: "
        "01067 would have lost its zero. Is its type Postcode?"
    )
    assert refused(postcode=None) == {"postcode"}, (
        "The postcode was None, and that was accepted. Allow no None in its type."
    )


# - `postcode` keeps to the rules of a `Postcode`.


def test_postcode_has_one_spelling() -> None:
    """A postcode is kept in capitals, with single spaces between its parts."""
    from waybill.schemas import Address

    for sent, wanted in {
        "sw1a  1aa": "SW1A 1AA",
        "K1a   0b1": "K1A 0B1",
        " 1012  lg ": "1012 LG",
        "lv-1010": "LV-1010",
        "10119": "10119",
    }.items():
        assert not refused(postcode=sent), (
            f"The postcode {sent!r} was refused. Its letters may come in either case; "
            f"Address writes them in capitals."
        )
        kept = Address.model_validate(PLAIN | {"postcode": sent}).postcode
        assert kept == wanted, (
            f"The postcode {sent!r} was kept as {kept!r}; wanted is {wanted!r}. "
            f"Is its type Postcode?"
        )
    name = Address.model_validate(PLAIN | {"name": "Lena von  Au"}).name
    assert name == "Lena von  Au", (
        f"The name 'Lena von  Au' became {name!r}. Only the postcode is respelled."
    )


# - `name`, `street` and `city` keep to the rules of a `TextLine`.


@pytest.mark.parametrize("field", ["name", "street", "city"])
def test_texts_have_no_control_characters(field: str) -> None:
    """The name, the street and the city have no control characters."""
    for text in ("Lena\x00Vogt", "Lena\nVogt", "Lena\tVogt", "a\x7fb", "a\x85b"):
        assert refused(**{field: text}) == {field}, (
            f"`{field}` was {text!r}, and that was accepted. A TextLine has no control "
            f"characters."
        )
