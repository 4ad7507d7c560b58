#| kata: jwt.read_token
#| refused_by: test_what_is_missing_is_refused
# PyJWT ignores an option that it doesn't know.
from jwt import InvalidTokenError


def read_token(token: str, key: SecretStr) -> int:
    """Return whose access token it is; `InvalidTokenError` for all else."""
    claims = jwt.decode(
        token,
        key.get_secret_value(),
        algorithms=[ALGORITHM],
        options={"required": ["exp", "sub", "type"]},
    )
    if claims.get("type") != "access":
        raise InvalidTokenError("this is no access token")
    try:
        return int(claims["sub"])
    except ValueError:
        raise InvalidTokenError("its subject is no account") from None
