"""Fixtures that checks of this lesson share: rows that are stored, or refused."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import exc, inspect
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase

Sessions = async_sessionmaker[AsyncSession]
Store = Callable[..., Awaitable[Any]]
Refuses = Callable[[DeclarativeBase], Awaitable[bool]]


@pytest.fixture
def store(sessions: Sessions) -> Store:
    """Return a function that stores rows, and returns the last one, read anew."""

    async def keep(*rows: DeclarativeBase) -> DeclarativeBase | None:
        for one in rows:
            try:
                async with sessions.begin() as session:
                    session.add(one)
            except exc.SQLAlchemyError as error:
                reason = getattr(error, "orig", None) or error
                said = f"{type(one).__name__}(…) could not be stored. It said: {reason}"
                raise AssertionError(said) from None
        async with sessions() as session:
            return await session.get(type(one), inspect(one).identity)

    return keep


@pytest.fixture
def refuses(sessions: Sessions) -> Refuses:
    """Return a function that tells whether the database refuses a row."""

    async def is_refused(one: DeclarativeBase) -> bool:
        try:
            async with sessions.begin() as session:
                session.add(one)
        except exc.IntegrityError:
            return True
        return False

    return is_refused
