#| kata: database.get_session
#| refused_by: test_each_request_has_its_own
# Keeps one session, and lends it to everybody.
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Sessions = async_sessionmaker[AsyncSession]


def app_sessions(connection: HTTPConnection) -> Sessions:
    """Return what makes sessions for the app that a request came to."""
    sessions: Sessions = connection.app.state.sessions
    return sessions


shared: dict[int, AsyncSession] = {}
AppSessions = Annotated[Sessions, Depends(app_sessions)]


async def get_session(sessions: AppSessions) -> AsyncIterator[AsyncSession]:
    """Lend a request its session: commit if all went well, else roll back."""
    session = shared.setdefault(id(sessions), sessions())
    try:
        yield session
        await session.commit()
    except BaseException:
        await session.rollback()
        raise


Session = Annotated[AsyncSession, Depends(get_session, scope="function")]
