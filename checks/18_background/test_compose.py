"""Checks of background.compose: a letter to one address, and nothing smuggled in."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

TO = "lena@example.com"
ENDS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"]
"""All that ends a line for Python."""


def make(
    to: str = TO, subject: str = "Welcome", text: str = "Hello!\n", key: str = "w-1"
) -> EmailMessage:
    """Return a letter, which should be one."""
    from waybill.mail import compose

    letter = compose(to, subject, text, key)
    assert isinstance(letter, EmailMessage), f"compose returned {letter!r}."
    return letter


def arrived(letter: EmailMessage) -> Any:  # noqa: ANN401
    """Return a letter as whoever gets it reads it."""
    return message_from_bytes(letter.as_bytes(), policy=policy.default)


# - `to`, `subject` and `text` arrive as they are, whatever characters they have.
@pytest.mark.parametrize(
    "subject",
    [
        "Welcome",
        "Grüße aus Łódź",
        "包裹 📦",
        "100 % =?= <b>",
        "two  spaces   are not one",
        "very long " * 30 + "end",
    ],
)
def test_the_subject_arrives(subject: str) -> None:
    """A subject arrives as it was, whatever characters it has."""
    found = arrived(make(subject=subject))["Subject"]
    assert found == subject, f"The subject was {subject!r}, and {found!r} arrived."


@pytest.mark.parametrize(
    "text",
    [
        "Hello!\n",
        "Zoë, dein Paket 📦 ist da.\n",
        "To: bob@example.com\nBcc: eve@example.com\n\nBye\n",
        ".\n..\nFrom here on\n",
        "x" * 2000 + "\n",
        "\n\nlate\n",
        "5 < 6 & 'so' on, <b>not HTML</b>\n",
    ],
)
def test_the_text_arrives(text: str) -> None:
    """A text arrives as it was, and its lines are no headers."""
    letter = arrived(make(text=text))
    found = letter.get_content().replace("\r\n", "\n")
    assert found == text, f"The text was {text[:60]!r}, and {found[:60]!r} arrived."
    assert "eve@example.com" not in str(letter["Bcc"]), "A line became a header."
    kind = letter.get_content_type()
    assert kind == "text/plain", f"The text arrived as {kind}."


@pytest.mark.parametrize(
    "to", [TO, "o'neil+x@example.com", "jürgen@example.com", "ada@bücher.example.com"]
)
def test_the_address_arrives(to: str) -> None:
    """The letter goes to the address that was given, and to no other one."""
    letter = make(to)
    found = [one.addr_spec for one in letter["To"].addresses]
    assert found == [to], f"`to` was {to!r}, and the letter goes to {found}."
    others = [name for name in letter if name.lower() in {"cc", "bcc", "resent-to"}]
    assert not others, f"The letter has the header {others[0]} as well."


# - The `Message-ID` is `<key@waybill>`, where `key` is the parameter.
@pytest.mark.parametrize("key", ["welcome-7", "welcome-8", "x"])
def test_the_key_is_its_id(key: str) -> None:
    """Letters with the same key have the same Message-ID, and others have another."""
    for to in (TO, "bob@example.com"):
        found = make(to, key=key)["Message-ID"]
        assert found == f"<{key}@waybill>", (
            f"The key was {key!r}, and the Message-ID is {found!r}; wanted is "
            f"'<{key}@waybill>'. A letter that is sent again needs the same one."
        )


# - `to` is exactly one address, without a name before it.
@pytest.mark.parametrize(
    "to",
    [
        "lena@example.com, bob@example.com",
        "lena@example.com,bob@example.com",
        "lena@example.com, lena@example.com",
        "lena@example.com bob@example.com",
        "lena@example.com; bob@example.com",
        "friends: lena@example.com, bob@example.com;",
        "Lena <lena@example.com>",
        "<lena@example.com>",
        "lena@example.com (Lena)",
        " ",
        "",
    ],
)
def test_one_address_only(to: str) -> None:
    """`to` is one address; several, a name, or none at all are a ValueError."""
    try:
        letter = make(to)
    except ValueError:
        return
    goes_to = [one.addr_spec for one in letter["To"].addresses]
    raise AssertionError(
        f"`to` was {to!r}, and compose made a letter that goes to {goes_to}. "
        "`addresses` says who gets it: that should be `to`, and nobody else."
    )


# - A line break in `to`, `subject` or `key`, at the end as well, is a `ValueError`.
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("where", ["to", "subject", "key"])
def test_no_line_is_smuggled_in(where: str, end: str) -> None:
    """A line break in what becomes a header is a ValueError."""
    good = {"to": TO, "subject": "Your parcel", "key": "w-1"}
    for bad in (f"{good[where]}{end}Bcc: eve@example.com", f"{good[where]}{end}"):
        try:
            letter = make(**good | {where: bad})
        except ValueError:
            continue
        raise AssertionError(
            f"`{where}` was {bad!r}, and compose made a letter with these headers: "
            f"{letter.items()}. On its way it reads {letter.as_bytes()[:90]!r}. "
            "EmailMessage refuses a break within a header, and not one at its end: "
            "`splitlines()` shows both."
        )
