#| kata: jwt.issue_token
#| refused_by: test_it_says_when_it_was_issued
# time.mktime takes the hour of any zone for one of this computer's.
from datetime import datetime, timedelta

import time

import jwt
from pydantic import SecretStr

ALGORITHM = "HS256"
LIFETIME = timedelta(minutes=15)


def issue_token(account_id: int, key: SecretStr, at: datetime) -> str:
    """Return an access token for an account, issued at a moment, good for a while."""
    claims = {
        "sub": str(account_id),
        "type": "access",
        "iat": int(time.mktime(at.timetuple())),
        "exp": at + LIFETIME,
    }
    return jwt.encode(claims, key.get_secret_value(), ALGORITHM)
