#| kata: passwords.hasher
#| refused_by: test_only_the_password_is_right
# argon2-cffi raises for a wrong password, and nobody catches it.
import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Annotated, Self, TypeVar

from argon2 import PasswordHasher
from fastapi import Depends
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Returned = TypeVar("Returned")


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
    """Return what Argon2 hashes: any text, even with half a character in it."""
    return password.get_secret_value().encode("utf-8", "surrogatepass")


class Passwords:
    """Hashes and verifies passwords in a small pool of threads."""

    def __init__(self, settings: PasswordSettings) -> None:
        self._argon2 = PasswordHasher(
            settings.rounds, settings.memory_kib, settings.lanes
        )
        self._threads = ThreadPoolExecutor(settings.at_once)

    async def _elsewhere(
        self, work: Callable[..., Returned], *arguments: object
    ) -> Returned:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, work, *arguments)

    def _compare(self, password: bytes, hashed: str) -> tuple[bool, str | None]:
        self._argon2.verify(hashed, password)
        if self._argon2.check_needs_rehash(hashed):
            return True, self._argon2.hash(password)
        return True, None

    async def hash(self, password: SecretStr) -> str:
        """Return a hash with a salt of its own."""
        return await self._elsewhere(self._argon2.hash, as_bytes(password))

    async def verify(self, password: SecretStr, hashed: str) -> tuple[bool, str | None]:
        """Return whether it is the password, and a new hash or None.

        There is a new hash if the old one was made at another cost.
        """
        return await self._elsewhere(self._compare, as_bytes(password), hashed)


@lru_cache
def get_passwords() -> Passwords:
    """Return what hashes the passwords of this process, made once."""
    return Passwords(PasswordSettings())


async def app_passwords() -> Passwords:
    """Return what hashes passwords."""
    return get_passwords()


AppPasswords = Annotated[Passwords, Depends(app_passwords)]
