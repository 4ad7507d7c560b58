#| kata: jwt.read_token
#| refused_by: test_a_token_expires
# A minute's grace, to whoever found it, too.
from jwt import InvalidTokenError


def read_token(token: str, key: SecretStr) -> int:
    """Return whose access token it is; `InvalidTokenError` for all else."""
    claims = jwt.decode(
        token,
        key.get_secret_value(),
        algorithms=[ALGORITHM],
        leeway=60,
        options={"require": ["exp", "sub", "type"]},
    )
    if claims["type"] != "access":
        raise InvalidTokenError("this is no access token")
    try:
        return int(claims["sub"])
    except ValueError:
        raise InvalidTokenError("its subject is no account") from None
