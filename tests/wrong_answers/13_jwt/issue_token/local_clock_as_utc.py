#| kata: jwt.issue_token
#| refused_by: test_it_says_when_it_was_issued
# Calls the time on this computer's clock UTC: right only where it is.
from datetime import UTC, datetime, timedelta

import jwt
from pydantic import SecretStr

ALGORITHM = "HS256"
LIFETIME = timedelta(minutes=15)


def issue_token(account_id: int, key: SecretStr, at: datetime) -> str:
    """Return an access token for an account, issued at a moment, good for a while."""
    at = at.astimezone().replace(tzinfo=UTC)
    claims = {
        "sub": str(account_id),
        "type": "access",
        "iat": at,
        "exp": at + LIFETIME,
    }
    return jwt.encode(claims, key.get_secret_value(), ALGORITHM)
