#| kata: jwt.issue_token
#| refused_by: test_the_subject_is_text
# Calls the claim what the code calls it.
from datetime import datetime, timedelta

import jwt
from pydantic import SecretStr

ALGORITHM = "HS256"
LIFETIME = timedelta(minutes=15)


def issue_token(account_id: int, key: SecretStr, at: datetime) -> str:
    """Return an access token for an account, issued at a moment, good for a while."""
    claims = {
        "account_id": str(account_id),
        "type": "access",
        "iat": at,
        "exp": at + LIFETIME,
    }
    return jwt.encode(claims, key.get_secret_value(), ALGORITHM)
