#| kata: database.get_session
#| refused_by: test_each_app_has_its_own_database
# Looks once which sessions to use, and never again.
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Sessions = async_sessionmaker[AsyncSession]


known: list[Sessions] = []


def app_sessions(connection: HTTPConnection) -> Sessions:
    """Return what makes sessions for the app that a request came to."""
    if not known:
        known.append(connection.app.state.sessions)
    return known[0]


AppSessions = Annotated[Sessions, Depends(app_sessions)]


async def get_session(sessions: AppSessions) -> AsyncIterator[AsyncSession]:
    """Lend a request its session: commit if all went well, else roll back."""
    async with sessions.begin() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session, scope="function")]
