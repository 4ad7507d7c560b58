#| kata: jwt.read_token
#| refused_by: test_a_token_is_looked_at_each_time
# Remembers tokens, also after their end.
from functools import lru_cache


@lru_cache(maxsize=1000)
def read_token(token: str, key: SecretStr) -> int:
    """Return whose access token it is; `InvalidTokenError` for all else."""
    try:
        claims = jwt.decode(
            token,
            key.get_secret_value(),
            algorithms=[ALGORITHM],
            options={"require": ["exp", "sub", "type"]},
        )
        if claims["type"] != "access":
            raise jwt.InvalidTokenError("made for something else")
        account_id = int(claims["sub"])
    except ValueError as error:
        raise jwt.InvalidTokenError("no token, or of no account") from error
    if not 1 <= account_id <= 2**63 - 1:
        raise jwt.InvalidTokenError("of no account")
    return account_id
