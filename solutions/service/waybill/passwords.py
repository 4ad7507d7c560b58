"""Passwords: hashed slowly on purpose, and where nobody has to wait for it."""

from functools import lru_cache
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import Depends
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


# kata: passwords.hasher
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
        hasher = Argon2Hasher(
            time_cost=settings.rounds,
            memory_cost=settings.memory_kib,
            parallelism=settings.lanes,
        )
        self._hasher = PasswordHash((hasher,))
        self._limiter = CapacityLimiter(settings.at_once)

    async def hash(self, password: SecretStr) -> str:
        """Return a hash with a salt of its own."""
        return await to_thread.run_sync(
            self._hasher.hash, password.get_secret_value(), limiter=self._limiter
        )

    async def verify(self, password: SecretStr, hashed: str) -> tuple[bool, str | None]:
        """Return whether it is the password, and a new hash or None.

        There is a new hash if the old one was made at another cost.
        """
        return await to_thread.run_sync(
            self._hasher.verify_and_update,
            password.get_secret_value(),
            hashed,
            limiter=self._limiter,
        )


@lru_cache
def get_passwords() -> Passwords:
    """Return what hashes the passwords of this process, made once."""
    return Passwords(PasswordSettings())


async def app_passwords() -> Passwords:
    """Return what hashes passwords."""
    return get_passwords()


AppPasswords = Annotated[Passwords, Depends(app_passwords)]
