#| kata: jwt.read_token
#| refused_by: test_another_type_is_refused
# A ValueError, which nobody who calls it expects.
from jwt import InvalidTokenError


def read_token(token: str, key: SecretStr) -> int:
    """Return whose access token it is; `InvalidTokenError` for all else."""
    claims = jwt.decode(
        token,
        key.get_secret_value(),
        algorithms=[ALGORITHM],
        options={"require": ["exp", "sub", "type"]},
    )
    if claims["type"] != "access":
        raise ValueError("this is no access token")
    try:
        return int(claims["sub"])
    except ValueError:
        raise InvalidTokenError("its subject is no account") from None
