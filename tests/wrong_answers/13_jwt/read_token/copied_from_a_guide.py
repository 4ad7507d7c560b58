#| kata: jwt.read_token
#| refused_by: test_what_is_missing_is_refused
# The guide's version: anything that was ever signed will do.
def read_token(token: str, key: SecretStr) -> int:
    """Return whose access token it is; `InvalidTokenError` for all else."""
    claims = jwt.decode(token, key.get_secret_value(), algorithms=[ALGORITHM])
    return int(claims["sub"])
