"""Databases of a PostgreSQL server, where `TEST_POSTGRES_URL` names one for tests."""

import asyncio
import os
import re
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

URL = os.environ.get("TEST_POSTGRES_URL", "")
"""Such as postgresql://postgres@127.0.0.1:5432/postgres, of somebody who may do all."""
MISSING = "TEST_POSTGRES_URL names no PostgreSQL server; .ci/run starts one if it can"


def new_database(name: str) -> str:
    """Make an empty database, and return its address."""

    async def make(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}"')

    asyncio.run(_with(URL, make))
    return f"{URL.rpartition('/')[0]}/{name}"


def for_sqlalchemy(address: str) -> str:
    """Return a database's address as an engine wants it."""
    return address.replace("postgresql:", "postgresql+asyncpg:", 1)


def execute(address: str, statement: str, *values: object) -> None:
    """Run a statement in a database; each `?` in it stands for a value."""
    numbers = iter(range(1, len(values) + 1))
    numbered = re.sub(r"\?", lambda _: f"${next(numbers)}", statement)

    async def run(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        await connection.execute(numbered, *values)

    asyncio.run(_with(address, run))


async def _with(
    address: str,
    use: "Callable[[asyncpg.Connection[asyncpg.Record]], Awaitable[None]]",
) -> None:
    connection = await asyncpg.connect(address)
    try:
        await use(connection)
    finally:
        await connection.close()
