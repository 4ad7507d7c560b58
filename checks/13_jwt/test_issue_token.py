"""Checks of jwt.issue_token: what an access token says, and who signed it."""

import warnings
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import jwt
import pytest
from pydantic import SecretStr

KEYS = (" the first key, which is long enough for HS256 ", "another key" * 6)
NEPAL = timezone(timedelta(hours=5, minutes=45))
CHILE = timezone(timedelta(hours=-4))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MOMENTS = [
    NOON,
    datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC),
    datetime(2041, 7, 1, 8, 15, tzinfo=NEPAL),
    datetime(2019, 12, 31, 23, 59, 59, tzinfo=CHILE),
]
ANY_TIME: Any = {"verify_exp": False, "verify_iat": False, "verify_sub": False}
"""PyJWT looks at the signature alone: the claims are for the checks to judge."""


def issue(account_id: int = 7, key: str = KEYS[0], at: datetime = NOON) -> str:
    """Call issue_token; say what it ended with, if it returned no token."""
    from waybill.tokens import issue_token

    called = f"issue_token({account_id}, key, {at})"
    try:
        token = issue_token(account_id, SecretStr(key), at)
    except TypeError as error:
        raise AssertionError(
            f"{called} ended with TypeError: {str(error).rstrip('.')}. PyJWT signs "
            "with a plain text, which a SecretStr hands out if asked, and takes a "
            "datetime or a number for a time."
        ) from None
    assert isinstance(token, str), (
        f"{called} returned {token!r}. A token is the text that jwt.encode returns."
    )
    return token


def can_read(token: str, key: str) -> bool:
    """Tell whether a token was signed with a key, by HS256."""
    try:
        jwt.decode(token, key, algorithms=["HS256"], options=ANY_TIME)
    except jwt.InvalidTokenError:
        return False
    return True


def algorithm(token: str) -> object:
    """Return the algorithm that a token's header names."""
    try:
        return jwt.get_unverified_header(token).get("alg")
    except jwt.InvalidTokenError:
        raise AssertionError(
            f"issue_token returned {token!r}, which is no token. Return what "
            "jwt.encode returns."
        ) from None


def claims(account_id: int = 7, at: datetime = NOON) -> dict[str, Any]:
    """Return what a new token says, whoever signed it."""
    token = issue(account_id, at=at)
    said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return said


def moment(said: dict[str, Any], name: str) -> datetime:
    """Return a time that a token says."""
    seconds = said.get(name)
    assert seconds is not None, (
        f"The token says {said}, and no `{name}`. Add it to the claims."
    )
    assert isinstance(seconds, int | float), (
        f"`{name}` is {seconds!r} in the token. The standard wants the seconds since "
        "1970: PyJWT makes them of a datetime, if you give it one."
    )
    return datetime.fromtimestamp(seconds, UTC)


# - The token is signed with `key`, using HS256.
def test_it_is_signed_with_the_key() -> None:
    """The token is signed with the text that `key` holds, using HS256."""
    for key, other in (KEYS, KEYS[::-1]):
        token = issue(key=key)
        named = algorithm(token)
        assert named == "HS256", (
            f"The token's header says that it was signed with {named}. Expected is "
            "HS256: jwt.encode takes the algorithm as its third argument."
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyJWT warns of short keys
            masked = can_read(token, str(SecretStr(key)))
        assert not masked, (
            "The token was signed with ten asterisks. That is what str() makes of "
            "every SecretStr, so that no log shows the secret. get_secret_value() "
            "hands out the text itself, as in lesson 04."
        )
        assert can_read(token, key), (
            "The token can't be read with the key that issue_token was given. Sign "
            "with `key`, not with a key of your own."
        )
        assert not can_read(token, other), (
            "The token can be read with a key that it was not signed with."
        )


# - `sub` says whose it is: the account's id, as text.
def test_the_subject_is_text() -> None:
    """`sub` is the account's id, as text."""
    for account_id in (7, 40_213):
        said = claims(account_id)
        assert "sub" in said, (
            f"The token of account {account_id} says {said}, and has no `sub`. So "
            "nobody can tell whose it is."
        )
        assert said["sub"] == str(account_id), (
            f"The token of account {account_id} says `sub`: {said['sub']!r}. "
            f"Expected is the text {str(account_id)!r}: the standard wants text, and "
            "PyJWT refuses to read anything else."
        )


# - `type` is `"access"`.
def test_it_is_for_access() -> None:
    """`type` is `"access"`."""
    said = claims()
    assert said.get("type") == "access", (
        f"The token says {said}; its `type` should be 'access'. Add it to the claims: "
        "a later kind of token must not be taken for this one."
    )


# - `iat` says when it was issued: at the moment `at`.
@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_it_says_when_it_was_issued(at: datetime, zone: str) -> None:
    """`iat` is the moment `at`, whatever the clock and the zone of this computer."""
    issued = moment(claims(at=at), "iat")
    assert issued == at, (
        f"A token was issued at {at}, on a computer whose own time is {zone}. Its "
        f"`iat` is {issued}. Take the parameter `at` as it is: it has an offset, and "
        "PyJWT takes a time without one for UTC."
    )


# - `exp` says when it expires: `LIFETIME` after `at`.
@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_it_expires(at: datetime, zone: str) -> None:
    """`exp` is the moment `at` plus `LIFETIME`."""
    from waybill.tokens import LIFETIME

    end = moment(claims(at=at), "exp")
    assert end == at + LIFETIME, (
        f"A token was issued at {at}, on a computer whose own time is {zone}. Its "
        f"`exp` is {end}. LIFETIME is {LIFETIME}, so it should be {at + LIFETIME}."
    )


def test_its_life_is_short() -> None:
    """`LIFETIME` is longer than nothing, and an hour at most."""
    from waybill.tokens import LIFETIME

    assert timedelta(0) < LIFETIME <= timedelta(hours=1), (
        f"LIFETIME is {LIFETIME}. Whoever steals a token can use it until it expires, "
        "so an hour is the most; and a new token should not have expired already."
    )


# - `type` is `"access"`.
def test_it_gives_access_at_once() -> None:
    """A token that is issued now gives access now."""
    try:
        jwt.decode(issue(at=datetime.now(UTC)), KEYS[0], algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise AssertionError(
            f"A token was issued now, and PyJWT refuses it: {error}. So it gives "
            "access to nothing: let it say the four things of the task, and no more."
        ) from None
