#| kata: jwt.read_token
#| refused_by: test_a_subject_is_an_id
# 64 bits, and a signed column holds 63.
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
        account_id = int(claims["sub"])
    except ValueError:
        raise InvalidTokenError("its subject is no number") from None
    if not 1 <= account_id < 2**64:  # what the column of ids can hold
        raise InvalidTokenError("its subject is no account")
    return account_id
