#| kata: security_review.verify
#| refused_by: test_any_other_header_is_refused
# Asserts as guards.
import hmac
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

GOOD_FOR = timedelta(minutes=5)
"""How far the clocks of two servers may be apart, and how long a message travels."""


class BadSignatureError(ValueError):
    """A message isn't from whom it claims to be from, or it is an old one."""


def sign(key: SecretStr, body: bytes, seconds: int) -> str:
    """Return the header that proves who sent a body, and when."""
    message = f"{seconds}.".encode() + body
    digest = hmac.digest(key.get_secret_value().encode(), message, "sha256").hex()
    return f"{seconds}.{digest}"


def verify(key: SecretStr, body: bytes, header: str, at: datetime) -> None:
    """Return if a header proves a body, and is new; raise BadSignatureError if not."""
    seconds = int(header.partition(".")[0])
    assert header == sign(key, body, seconds), "The signature is of another message."
    assert at - datetime.fromtimestamp(seconds, UTC) < GOOD_FOR, "It is too old."
