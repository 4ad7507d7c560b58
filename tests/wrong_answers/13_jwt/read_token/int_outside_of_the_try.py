#| kata: jwt.read_token
#| refused_by: test_a_subject_is_a_number
# The guide's int(): a subject that is no number is a 500.
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
    return int(claims["sub"])
