#| kata: security_review.verify
#| refused_by: test_the_right_header_passes
# Asks the clock of the machine.
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
    try:
        seconds = int(header.partition(".")[0])
        sent = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadSignatureError("This is no signature.") from None
    if not hmac.compare_digest(header.encode(), sign(key, body, seconds).encode()):
        raise BadSignatureError("The signature is of another message.")
    if abs(datetime.now(UTC) - sent) > GOOD_FOR:
        raise BadSignatureError("The message is too old, or from the future.")
