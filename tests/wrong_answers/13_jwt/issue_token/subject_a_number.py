#| kata: jwt.issue_token
#| refused_by: test_the_subject_is_text
# A number, which PyJWT refuses to read again.
from datetime import datetime, timedelta

import jwt
from pydantic import SecretStr

ALGORITHM = "HS256"
LIFETIME = timedelta(minutes=15)


def issue_token(account_id: int, key: SecretStr, at: datetime) -> str:
    """Return an access token for an account, issued at a moment, good for a while."""
    claims = {
        "sub": account_id,
        "type": "access",
        "iat": at,
        "exp": at + LIFETIME,
    }
    return jwt.encode(claims, key.get_secret_value(), ALGORITHM)
