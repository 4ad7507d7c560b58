#| kata: passwords.hasher
#| refused_by: test_a_few_at_once
# The limiter is the class's: the Passwords made last says how many.
from functools import lru_cache
from typing import Annotated, Self

from anyio import CapacityLimiter, to_thread
from fastapi import Depends
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class PasswordSettings(BaseSettings):
    """What one guess costs; variables such as WAYBILL_HASH_ROUNDS change it."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_HASH_", env_file=".env", extra="ignore"
    )

    rounds: Annotated[int, Field(ge=1, le=100)] = 3
    memory_kib: Annotated[int, Field(ge=8, le=4_194_304)] = 65_536
    lanes: Annotated[int, Field(ge=1, le=64)] = 4
    at_once: Annotated[int, Field(ge=1, le=64)] = 4

    @model_validator(mode="after")
    def leave_room_for_lanes(self) -> Self:
        """Refuse what Argon2 can't compute, before the first person signs up."""
        if self.memory_kib < 8 * self.lanes:
            raise ValueError("memory_kib must be at least 8 for each of the lanes")
        return self


def as_bytes(password: SecretStr) -> bytes:
    """Return what Argon2 hashes."""
    # JSON may hold half a character, such as \ud800, which plain UTF-8 refuses.
    return password.get_secret_value().encode("utf-8", "surrogatepass")


class Passwords:
    """Hashes and verifies passwords."""

    def __init__(self, settings: PasswordSettings) -> None:
        hasher = Argon2Hasher(
            time_cost=settings.rounds,
            memory_cost=settings.memory_kib,
            parallelism=settings.lanes,
        )
        self._hasher = PasswordHash((hasher,))
        Passwords._limiter = CapacityLimiter(settings.at_once)

    async def hash(self, password: SecretStr) -> str:
        """Return a hash with a salt of its own."""
        return await to_thread.run_sync(
            self._hasher.hash, as_bytes(password), limiter=self._limiter
        )

    async def verify(self, password: SecretStr, hashed: str) -> tuple[bool, str | None]:
        """Return whether it is the password, and a new hash if the cost has changed."""
        return await to_thread.run_sync(
            self._hasher.verify_and_update,
            as_bytes(password),
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
