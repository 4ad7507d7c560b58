#| kata: jwt.read_token
#| refused_by: test_half_a_character_is_no_token
# A text that UTF-8 can't encode ends in an exception of another kind.
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
        raise InvalidTokenError("no access token")
    try:
        account_id = int(claims["sub"])
    except ValueError:
        raise InvalidTokenError("no account's id") from None
    if not 1 <= account_id < 2**63:
        raise InvalidTokenError("no account's id")
    return account_id
