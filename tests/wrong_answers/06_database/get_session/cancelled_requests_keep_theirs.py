#| kata: database.get_session
#| refused_by: test_the_connection_goes_back
# A cancelled request ends in no `Exception`, so nobody closes its session.
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
    session = sessions()
    try:
        yield session
        await session.commit()
    except Exception:
        await session.rollback()
        await session.close()
        raise
    await session.close()


Session = Annotated[AsyncSession, Depends(get_session, scope="function")]
