#| kata: jwt.read_token
#| refused_by: test_a_subject_is_an_id
# A signed subject of 2**70 gets as far as the database, which can't hold it.
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
    return account_id
