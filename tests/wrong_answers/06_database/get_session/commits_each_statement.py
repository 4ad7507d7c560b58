#| kata: database.get_session
#| refused_by: test_an_http_exception_rolls_back
# Without a transaction there is nothing to roll back.
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Sessions = async_sessionmaker[AsyncSession]


async def app_sessions(connection: HTTPConnection) -> Sessions:
    """Return what makes sessions for the app that a request came to."""
    sessions: Sessions = connection.app.state.sessions
    return sessions


AppSessions = Annotated[Sessions, Depends(app_sessions)]


async def get_session(sessions: AppSessions) -> AsyncIterator[AsyncSession]:
    """Lend a request its session: commit if all went well, else roll back."""
    async with sessions.begin() as session:
        await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield session


Session = Annotated[AsyncSession, Depends(get_session, scope="function")]
