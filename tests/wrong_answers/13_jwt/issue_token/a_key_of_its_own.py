#| kata: jwt.issue_token
#| refused_by: test_it_is_signed_with_the_key
# A key in the code, as in many a guide: it is in the repository, too.
from datetime import datetime, timedelta

import jwt
from pydantic import SecretStr

ALGORITHM = "HS256"
LIFETIME = timedelta(minutes=15)
SECRET_KEY = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"


def issue_token(account_id: int, key: SecretStr, at: datetime) -> str:
    """Return an access token for an account, issued at a moment, good for a while."""
    claims = {
        "sub": str(account_id),
        "type": "access",
        "iat": at,
        "exp": at + LIFETIME,
    }
    return jwt.encode(claims, SECRET_KEY, ALGORITHM)
