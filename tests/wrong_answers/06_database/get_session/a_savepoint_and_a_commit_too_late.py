#| kata: database.get_session
#| refused_by: test_it_is_kept_before_the_answer
# The commit comes after the answer, as in the guides, behind a savepoint.
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
    async with sessions() as session:
        async with session.begin_nested():
            yield session
        await session.commit()


Session = Annotated[AsyncSession, Depends(get_session)]
