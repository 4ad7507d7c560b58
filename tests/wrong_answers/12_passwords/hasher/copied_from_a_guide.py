#| kata: passwords.hasher
#| refused_by: test_the_loop_stays_free
# Hashes in `async def`: nobody else gets on meanwhile.
from functools import lru_cache
from typing import Annotated

from fastapi import Depends
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
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
    """Hashes and verifies passwords."""

    def __init__(self, settings: PasswordSettings) -> None:
        hasher = Argon2Hasher(
            time_cost=settings.rounds,
            memory_cost=settings.memory_kib,
            parallelism=settings.lanes,
        )
        self._hasher = PasswordHash((hasher,))

    async def hash(self, password: SecretStr) -> str:
        """Return a hash with a salt of its own."""
        return self._hasher.hash(password.get_secret_value())

    async def verify(self, password: SecretStr, hashed: str) -> tuple[bool, str | None]:
        """Return whether it is the password, and a new hash if the old one is weak."""
        return self._hasher.verify(password.get_secret_value(), hashed), None


@lru_cache
def get_passwords() -> Passwords:
    """Return what hashes the passwords of this process, made once."""
    return Passwords(PasswordSettings())


async def app_passwords() -> Passwords:
    """Return what hashes passwords."""
    return get_passwords()


AppPasswords = Annotated[Passwords, Depends(app_passwords)]
