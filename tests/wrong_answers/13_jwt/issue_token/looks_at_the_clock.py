#| kata: jwt.issue_token
#| refused_by: test_it_says_when_it_was_issued
# Takes the clock for the parameter.
from datetime import UTC, datetime, timedelta

import jwt
from pydantic import SecretStr

ALGORITHM = "HS256"
LIFETIME = timedelta(minutes=15)


def issue_token(account_id: int, key: SecretStr, at: datetime) -> str:
    """Return an access token for an account, issued at a moment, good for a while."""
    now = datetime.now(UTC)
    claims = {
        "sub": str(account_id),
        "type": "access",
        "iat": now,
        "exp": now + LIFETIME,
    }
    return jwt.encode(claims, key.get_secret_value(), ALGORITHM)
