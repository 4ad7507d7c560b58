#| kata: jwt.read_token
#| refused_by: test_an_access_token_says_whose_it_is
# Returns the text.
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
        raise InvalidTokenError("this is no access token")
    try:
        return claims["sub"]  # type: ignore
    except ValueError:
        raise InvalidTokenError("its subject is no account") from None
