"""Checks of jwt.read_token: whose token it is, and what is none."""

import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from jwt.algorithms import HMACAlgorithm
from pydantic import SecretStr

KEY = "a key that nobody else knows, and long enough for HS512, too, as it is"
LARGEST = 2**63 - 1
"""The largest id that a column of the database can hold."""
OTHER_KEY = "the key of somebody who would like to be somebody else: too long"


def signed(key: str = KEY, algorithm: str = "HS256", **changes: object) -> str:
    """Return a token that is right, but for what is changed; None leaves it out."""
    seconds = int(time.time())
    claims: dict[str, Any] = {
        "sub": "7",
        "type": "access",
        "iat": seconds - 60,
        "exp": seconds + 60,
    }
    claims |= changes
    said = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(said, key, algorithm)


def brief(error: Exception) -> str:
    """Return what an exception says, to be followed by a full stop."""
    return str(error).rstrip(" .")


def read(token: str, what: str) -> object:
    """Call read_token; an `InvalidTokenError` goes on, anything else is explained."""
    from waybill.tokens import read_token

    try:
        return read_token(token, SecretStr(KEY))
    except jwt.InvalidTokenError:
        raise
    except UnicodeError:
        raise AssertionError(
            f"{what} was read, and read_token ended with a UnicodeEncodeError, which "
            "is a ValueError. Whoever calls it expects InvalidTokenError alone; this "
            "would be a 500. Catch a ValueError around `jwt.decode` as well."
        ) from None
    except Exception as error:
        name = type(error).__name__
        raise AssertionError(
            f"{what} was read, and read_token ended with {name}: {brief(error)}. "
            f"Whoever calls it expects InvalidTokenError alone; {name} would be a 500."
        ) from error


def assert_read(token: str, account_id: int, what: str) -> None:
    """Assert that a token is taken, and for whose."""
    try:
        found = read(token, what)
    except jwt.InvalidTokenError as error:
        raise AssertionError(
            f"{what} was refused with {type(error).__name__}: {brief(error)}. It "
            "should be read: it says whose it is, what for and until when, and its "
            "signature fits."
        ) from None
    assert (type(found), found) == (int, account_id), (
        f"{what} was read, and read_token returned {found!r}. It should return the "
        f"number {account_id}."
    )


def assert_refused(token: str, what: str, advice: str) -> None:
    """Assert that a token is refused with the one exception."""
    try:
        found = read(token, what)
    except jwt.InvalidTokenError:
        return
    raise AssertionError(
        f"{what} was taken: read_token returned {found!r}. It should raise "
        f"InvalidTokenError. {advice}"
    )


# - It returns the account's id, which is the token's `sub`, as a number.
@pytest.mark.parametrize("account_id", [7, 40_213, 1, LARGEST])
def test_an_access_token_says_whose_it_is(account_id: int, zone: str) -> None:
    """It returns the `sub` of an access token, as a number."""
    from waybill.tables import now
    from waybill.tokens import issue_token

    what = f"On a computer whose own time is {zone}, a token of account {account_id}"
    assert_read(issue_token(account_id, SecretStr(KEY), now()), account_id, what)
    assert_read(signed(sub=str(account_id)), account_id, f"{what} with a minute to go")


# - A token that has expired is refused, even if that was a second ago.
def test_a_token_expires(zone: str) -> None:
    """A token that has expired is refused."""
    from waybill.tables import now
    from waybill.tokens import LIFETIME, issue_token

    for ago in (timedelta(minutes=1), timedelta(days=400)):
        issued = now() - LIFETIME - ago
        assert_refused(
            issue_token(7, SecretStr(KEY), issued),
            f"On a computer whose own time is {zone}, a token that expired "
            f"{ago.total_seconds() / 60:.0f} minutes ago",
            "PyJWT compares `exp` with the clock by itself, unless it is told not to. "
            "(The clock was not moved: the token was issued in the past.)",
        )
    assert_refused(
        signed(exp=int(time.time()) - 1),
        "A token that expired a second ago",
        "`leeway` would let it live on, for a thief as well: grant none.",
    )


# - A token without `exp`, `sub` or `type` is refused.
@pytest.mark.parametrize("missing", ["exp", "type", "sub"])
def test_what_is_missing_is_refused(missing: str) -> None:
    """A token without `exp`, `sub` or `type` is refused."""
    advice = {
        "exp": "It would be good for ever: PyJWT checks an end only where there is "
        "one, unless it is told that one is required.",
        "type": "Nobody can tell what it is for, so it is not for this.",
        "sub": "Nobody can tell whose it is.",
    }
    assert_refused(
        signed(**{missing: None}), f"A token without `{missing}`", advice[missing]
    )


# - A token whose `type` is not `"access"` is refused.
KINDS = ("refresh", "Access", "access ", "acc", "", ["access"], {"access": True}, 1)


@pytest.mark.parametrize("kind", KINDS, ids=repr)
def test_another_type_is_refused(kind: object) -> None:
    """A token of another `type` is refused, however well it is signed."""
    assert_refused(
        signed(type=kind, exp=int(time.time()) + 14 * 24 * 3600),
        f"A token of type {kind!r}, signed by Waybill for two weeks,",
        "The signature says who wrote a token, not what for. Compare its `type`.",
    )


# - A `sub` that is no number is refused, such as `lena`, `²` or 5,000 digits:
SUBJECTS = ("lena", "lena@example.com", "", "7; 8", "7.5", "0x10", "²", "7" * 5000)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject[:20])
def test_a_subject_is_a_number(subject: str) -> None:
    """A token whose `sub` is no number is refused."""
    shown = repr(subject) if len(subject) < 99 else f"of {len(subject)} digits"
    assert_refused(
        signed(sub=subject),
        f"A token with the subject {shown}",
        "An account's id is a whole number, which `int` can read.",
    )


# - A `sub` outside 1 to 2**63 - 1 is refused:
@pytest.mark.parametrize("number", [0, -1, -7, LARGEST + 1, 2**64, 2**70])
def test_a_subject_is_an_id(number: int) -> None:
    """A token whose `sub` is below 1 or above 2**63 - 1 is refused."""
    assert_refused(
        signed(sub=str(number)),
        f"A token with the subject '{number}'",
        "No account has this id, and the database can't even look for it if it is "
        "larger than 2**63 - 1: that would be a 500.",
    )


# - A forged token is refused, and so is a text that is no token.
def test_a_forged_token_is_refused() -> None:
    """A token that was signed with another key, or changed since, is refused."""
    advice = "Only a signature that fits makes a token Waybill's."
    assert_refused(signed(OTHER_KEY), "A token signed with another key", advice)
    head, _, signature = signed().split(".")
    changed = ".".join((head, signed(sub="8").split(".")[1], signature))
    assert_refused(changed, "A token whose subject was changed", advice)
    unsigned = ".".join((*signed().split(".")[:2], ""))
    assert_refused(unsigned, "A token without its signature", advice)


@pytest.mark.parametrize("garbage", ["", "lena", "a.b.c", "é.é.é", "..", "null"])
def test_no_token_at_all_is_refused(garbage: str) -> None:
    """A text that is no token is refused."""
    assert_refused(garbage, f"The text {garbage!r}", "It is no token.")


# - A token signed with another algorithm than HS256 is refused.
def test_the_algorithm_is_ours() -> None:
    """A token of another algorithm, or of none, is refused."""
    advice = (
        "Its header says how it was signed, and the sender wrote the header. "
        "`algorithms` is for you to say: HS256, and no other."
    )
    assert_refused(signed("", "none"), "A token of the algorithm `none`", advice)
    for other in ("HS384", "HS512"):
        assert_refused(signed(algorithm=other), f"A token signed by {other}", advice)


# - A forged token is refused, and so is a text that is no token.
@pytest.mark.parametrize("garbage", ["\ud800", "a.b.\udfff"], ids=ascii)
def test_half_a_character_is_no_token(garbage: str) -> None:
    """A text with half a character in it is refused like any other."""
    assert_refused(garbage, f"The text {garbage!a}", "It is no token.")


# - A token that has expired is refused, even if that was a second ago.
def test_a_token_is_looked_at_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that was good once is looked at again the next time."""
    verify, looked = HMACAlgorithm.verify, []

    def look(self: HMACAlgorithm, *signed: bytes) -> bool:
        looked.append(signed)
        return verify(self, *signed)

    monkeypatch.setattr(HMACAlgorithm, "verify", look)
    token, seen = signed(), []
    for _ in range(2):
        assert_read(token, 7, "A token with a minute to go")
        seen.append(len(looked))
    assert seen[0] < seen[1], (
        "A token was read twice, and only the first time was it looked at. What is "
        "remembered stays good after it has expired: remember no token."
    )
