#| kata: jwt.read_token
#| refused_by: test_the_algorithm_is_ours
# Lets the sender say how to verify.
from jwt import InvalidTokenError


def read_token(token: str, key: SecretStr) -> int:
    """Return whose access token it is; `InvalidTokenError` for all else."""
    algorithm = jwt.get_unverified_header(token)["alg"]
    claims = jwt.decode(
        token,
        key.get_secret_value(),
        algorithms=[algorithm],
        options={"require": ["exp", "sub", "type"]},
    )
    if claims["type"] != "access":
        raise InvalidTokenError("this is no access token")
    try:
        return int(claims["sub"])
    except ValueError:
        raise InvalidTokenError("its subject is no account") from None
