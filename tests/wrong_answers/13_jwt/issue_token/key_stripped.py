#| kata: jwt.issue_token
#| refused_by: test_it_is_signed_with_the_key
# Signs with the key without its spaces.
from datetime import datetime, timedelta

import jwt
from pydantic import SecretStr

ALGORITHM = "HS256"
LIFETIME = timedelta(minutes=15)


def issue_token(account_id: int, key: SecretStr, at: datetime) -> str:
    """Return an access token for an account, issued at a moment, good for a while."""
    claims = {
        "sub": str(account_id),
        "type": "access",
        "iat": at,
        "exp": at + LIFETIME,
    }
    return jwt.encode(claims, key.get_secret_value().strip(), ALGORITHM)
