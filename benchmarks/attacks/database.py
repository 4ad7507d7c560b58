"""Databases that are empty, and gone afterwards."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

Fresh = Callable[[], Awaitable[str]]
"""Makes an empty database, and returns its URL."""


@asynccontextmanager
async def databases(url: str | None, folder: Path) -> AsyncIterator[Fresh]:
    """Lend what makes databases: files in a folder, or others beside the one of a URL.

    Those beside it are dropped at the end.
    """
    if url is None or url.startswith("sqlite"):

        async def fresh_file() -> str:
            return f"sqlite+aiosqlite:///{folder}/{uuid4().hex}.db"

        yield fresh_file
        return
    made: list[str] = []
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")

    async def fresh() -> str:
        made.append(f"waybill_attack_{uuid4().hex}")
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {made[-1]}"))
        beside = make_url(url).set(database=made[-1])
        return beside.render_as_string(hide_password=False)

    try:
        yield fresh
    finally:
        async with engine.connect() as connection:
            for name in made:
                await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        await engine.dispose()
