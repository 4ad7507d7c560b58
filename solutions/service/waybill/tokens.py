"""Access tokens: what a client shows instead of its password."""

from datetime import datetime, timedelta

import jwt
from jwt import InvalidTokenError
from pydantic import SecretStr

# kata: jwt.issue_token
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
    return jwt.encode(claims, key.get_secret_value(), ALGORITHM)


# kata: jwt.read_token
def read_token(token: str, key: SecretStr) -> int:
    """Return whose access token it is; `InvalidTokenError` for all else."""
    try:
        claims = jwt.decode(
            token,
            key.get_secret_value(),
            algorithms=[ALGORITHM],
            options={"require": ["exp", "sub", "type"]},
        )
        account_id = int(claims["sub"])
    except ValueError:  # no InvalidTokenError is one: those go on
        raise InvalidTokenError("it is no text, or its subject no number") from None
    if claims["type"] != "access":
        raise InvalidTokenError("this is no access token")
    if not 1 <= account_id < 2**63:  # what the column of ids can hold
        raise InvalidTokenError("its subject is no account")
    return account_id
