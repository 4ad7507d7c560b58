"""Checks of passwords.canonical: every spelling of an address becomes one text."""

import socket

import pytest
from pydantic import ValidationError

SPELLINGS = {
    "lena@example.com": [
        "Lena@Example.COM",
        "  lena@example.com ",
        "Lena Vogt <lena@example.com>",
        " Lena Vogt <Lena@Example.COM> ",
        "lena@\N{FULLWIDTH LATIN SMALL LETTER E}xample.com",
    ],
    "zoë_o'hara@mail.example.org": [
        "Zoë_O'Hara@mail.example.org",
        "zoe\N{COMBINING DIAERESIS}_o'hara@MAIL.example.org",
    ],
    "lena@bücher.example.com": [
        "lena@xn--bcher-kva.example.com",
        "LENA@BÜCHER.example.com",
        "lena@bu\N{COMBINING DIAERESIS}cher.example.com",
    ],
}
ACCENTS = [f"{letter}\N{COMBINING MACRON BELOW}@example.com" for letter in "Hh"]
"""Addresses whose accent joins the small letter, and not the capital."""
PROVIDERS = ("gmail.com", "outlook.com")
NO_ADDRESSES = [
    "lena",
    "lena@",
    "@example.com",
    "le na@example.com",
    "",
    "lena@example.com@example.com",
    "lena@example..com",
    "le\0na@example.com",
    "lena@example.com\0",
    "lena\ud800@example.com",
    "lena@\ud800example.com",
]


def canonical(email: str) -> str:
    """Return what the learner's function makes of an address."""
    from waybill.accounts import canonical

    try:
        found = canonical(email)
    except ValueError as error:
        raise AssertionError(
            f"canonical({email!a}) raised {type(error).__name__}: {error} It is an "
            "address, and a text was expected."
        ) from None
    assert isinstance(found, str), (
        f"canonical({email!a}) returned {found!r}, and a text was expected. "
        "`validate_email` returns two things: a name and the address."
    )
    return found


# - All spellings of one address become one text:
@pytest.mark.parametrize("wanted", SPELLINGS)
def test_spellings_become_one(wanted: str) -> None:
    """All spellings of an address become the same text."""
    for spelling in SPELLINGS[wanted]:
        found = canonical(spelling)
        assert found == wanted, (
            f"canonical({spelling!a}) returned {found!a}; {wanted!a} was expected. "
            "`validate_email` knows these spellings, all but capitals before the @."
        )


# - What works today stays:
def test_different_addresses_stay_different() -> None:
    """Two mailboxes never become one."""
    pairs = [
        ("lena@example.com", "lena@example.org"),
        ("lena@example.com", "lena+tag@example.com"),
        ("lena@example.com", "le.na@example.com"),
        ("lena@example.com", "l%@example.com"),
        ("zoë@example.com", "zoe@example.com"),
        ("strauß@example.com", "strauss@example.com"),
        ("lena@strauß.example.com", "lena@strauss.example.com"),
        ("l²@example.com", "l2@example.com"),
        ("lena@googlemail.com", "lena@gmail.com"),
        ("\N{LATIN SMALL LIGATURE FI}n@example.com", "fin@example.com"),
        *((f"le.na@{one}", f"lena@{one}") for one in PROVIDERS),
        *((f"lena@{one}", f"lena+tag@{one}") for one in PROVIDERS),
    ]
    for one, other in pairs:
        assert canonical(one) != canonical(other), (
            f"{one!a} and {other!a} both became {canonical(one)!a}. Nobody but their "
            "provider knows whether they are one mailbox. If they are two, whoever "
            "owns one could sign in as the other."
        )


# - What comes out is in small letters, as `add_account` (lesson 06) keeps it, and stays
# as it is when it is asked about again.
def test_letters_are_small() -> None:
    """What comes out is in small letters, before and after the @."""
    for email in ("LENA@EXAMPLE.COM", "ΩMEGA@example.com", "Lena.VOGT@example.com"):
        found = canonical(email)
        assert found == found.lower(), (
            f"canonical({email!r}) returned {found!r}, which has capitals in it. "
            "`add_account` keeps small letters, so nobody would be found."
        )


# - What works today stays:
@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_no_address_is_refused(text: str) -> None:
    """What is no address raises a `ValueError`."""
    from waybill.accounts import canonical

    try:
        found = canonical(text)
    except ValueError:
        return
    raise AssertionError(
        f"canonical({text!a}) returned {found!a}, and that is no address: a ValueError "
        "was expected. `validate_email` raises one by itself."
    )


# - What works today stays:
def test_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked over the network, so it works without one."""
    asked: list[object] = []

    def refuse(*details: object, **_others: object) -> None:
        asked.append(details)
        raise OSError("there is no network")

    for name in ("connect", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    found = canonical("lena@example.com")
    assert not asked, (
        "canonical('lena@example.com') asked the network whether the address exists. "
        "Pydantic's `validate_email` doesn't; with the package email_validator say "
        "check_deliverability=False."
    )
    assert found == "lena@example.com", f"Without a network it became {found!r}."


# - What comes out is in small letters, as `add_account` (lesson 06) keeps it, and stays
# as it is when it is asked about again.
@pytest.mark.parametrize("typed", ["Lena@Example.COM", *ACCENTS])
def test_once_is_enough(typed: str) -> None:
    """A canonical address stays as it is when it is asked about again."""
    once = canonical(typed)
    again = canonical(once)
    advice = (
        " The small letter is one character with its accent, and the capital is two. "
        "Make the letters small, then ask `validate_email`."
        if typed in ACCENTS
        else ""
    )
    assert once == again, (
        f"{typed!a} became {once!a}, and asked again that became {again!a}.{advice}"
    )


# - A `SignUp` takes a password of 12 to 128 characters, whichever they are, and no
# other.
@pytest.mark.parametrize("length", [0, 11, 12, 128, 129])
@pytest.mark.parametrize("character", ["x", " ", "\0", "1", "٣", "\N{KEY}"])
def test_a_password_has_12_to_128_characters(character: str, length: int) -> None:
    """A `SignUp` takes a password of 12 to 128 characters, whichever they are."""
    from waybill.accounts import SignUp

    password, found = character * length, "taken"
    try:
        SignUp(email="lena@example.com", password=password)
    except ValidationError:
        found = "refused"
    wanted = "taken" if 12 <= length <= 128 else "refused"
    assert found == wanted, (
        f"A `SignUp` with the password {length} times {character!a} was {found}, and "
        f"should be {wanted}. `Field` counts characters, and looks at nothing else."
    )


# - The password doesn't show when a `SignUp` is printed or dumped.
def test_a_sign_up_shows_no_password() -> None:
    """A `SignUp` that is printed or dumped shows no password."""
    from waybill.accounts import SignUp

    password = 3 * "correct horse "
    data = SignUp(email="lena@example.com", password=password)
    ways = {"print": data, "repr": [data], "model_dump()": data.model_dump()}
    for way, shown in (ways | {"JSON": data.model_dump_json()}).items():
        assert password not in str(shown), (
            f"By {way}, a sign-up reads {shown}: a line of a log would hold the "
            "password. A type that you know from settings hides itself."
        )
