#| kata: jwt.read_token
#| refused_by: test_another_type_is_refused
# A type that is a list can't be looked up in a set.
from jwt import InvalidTokenError


def read_token(token: str, key: SecretStr) -> int:
    """Return whose access token it is; `InvalidTokenError` for all else."""
    try:
        claims = jwt.decode(
            token,
            key.get_secret_value(),
            algorithms=[ALGORITHM],
            options={"require": ["exp", "sub", "type"]},
        )
    except UnicodeError:
        raise InvalidTokenError("no token") from None
    if claims["type"] not in {"access"}:
        raise InvalidTokenError("no access token")
    try:
        account_id = int(claims["sub"])
    except ValueError:
        raise InvalidTokenError("no account's id") from None
    if not 1 <= account_id < 2**63:
        raise InvalidTokenError("no account's id")
    return account_id
