#| kata: jwt.read_token
#| refused_by: test_a_subject_is_a_number
# Not every digit is one that int() reads: ² is none, and 5000 are too many.
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
    if not claims["sub"].isdigit():
        raise InvalidTokenError("its subject is no account")
    return int(claims["sub"])
