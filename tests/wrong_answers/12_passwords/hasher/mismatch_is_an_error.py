#| kata: passwords.hasher
#| refused_by: test_only_the_password_is_right
# argon2-cffi raises for a wrong password, and nobody catches it.
import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Annotated, TypeVar

from argon2 import PasswordHasher
from fastapi import Depends
from pydantic import PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Returned = TypeVar("Returned")


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

    def _compare(self, password: str, hashed: str) -> tuple[bool, str | None]:
        self._argon2.verify(hashed, password)
        if self._argon2.check_needs_rehash(hashed):
            return True, self._argon2.hash(password)
        return True, None

    async def hash(self, password: SecretStr) -> str:
        """Return a hash with a salt of its own."""
        return await self._elsewhere(self._argon2.hash, password.get_secret_value())

    async def verify(self, password: SecretStr, hashed: str) -> tuple[bool, str | None]:
        """Return whether it is the password, and a new hash if the old one is weak."""
        secret = password.get_secret_value()
        return await self._elsewhere(self._compare, secret, hashed)


@lru_cache
def get_passwords() -> Passwords:
    """Return what hashes the passwords of this process, made once."""
    return Passwords(PasswordSettings())


async def app_passwords() -> Passwords:
    """Return what hashes passwords."""
    return get_passwords()


AppPasswords = Annotated[Passwords, Depends(app_passwords)]
