#| kata: passwords.hasher
#| refused_by: test_a_hash_is_argon2ids
# A fast hash, as in a guide: billions of guesses a second.
import hashlib
import secrets
from functools import lru_cache
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import Depends
from pydantic import PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class PasswordSettings(BaseSettings):
    """What one guess costs; variables such as WAYBILL_HASH_ROUNDS change it."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_HASH_", env_file=".env", extra="ignore"
    )

    rounds: PositiveInt = 3
    memory_kib: PositiveInt = 65_536
    lanes: PositiveInt = 4
    at_once: PositiveInt = 4


class Passwords:
    """Hashes and verifies passwords on threads, a few at once."""

    def __init__(self, settings: PasswordSettings) -> None:
        self._limiter = CapacityLimiter(settings.at_once)

    async def hash(self, password: SecretStr) -> str:
        """Return a hash with a salt of its own."""
        salt = secrets.token_hex(16)
        secret = password.get_secret_value()
        return f"{salt}${hashlib.sha256((salt + secret).encode()).hexdigest()}"

    async def verify(self, password: SecretStr, hashed: str) -> tuple[bool, str | None]:
        """Return whether it is the password, and a new hash if the old one is weak."""
        salt, _, digest = hashed.partition("$")
        secret = password.get_secret_value()
        found = hashlib.sha256((salt + secret).encode()).hexdigest()
        return secrets.compare_digest(found, digest), None


@lru_cache
def get_passwords() -> Passwords:
    """Return what hashes the passwords of this process, made once."""
    return Passwords(PasswordSettings())


async def app_passwords() -> Passwords:
    """Return what hashes passwords."""
    return get_passwords()


AppPasswords = Annotated[Passwords, Depends(app_passwords)]
