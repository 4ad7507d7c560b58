#| kata: refresh.open_family
#| refused_by: test_old_ones_are_forgotten
# Goes through all families with each sign-in.
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import Family

STAY = timedelta(days=30)


def digest(text: str) -> str:
    """Return what is kept in the place of a text that nobody can guess."""
    return sha256(text.encode()).hexdigest()


async def forget_expired(session: AsyncSession, at: datetime) -> None:
    """Forget two families whose time is over, so that they don't pile up."""
    over = select(Family.id).where(Family.expires_at <= at).limit(2)
    taken = over.with_for_update(skip_locked=True)  # by nobody else at this moment
    await session.execute(delete(Family).where(Family.id.in_(taken)))


async def open_family(session: AsyncSession, account_id: int, at: datetime) -> str:
    """Let somebody stay signed in; return the first refresh token of the family."""
    await session.execute(delete(Family).where(Family.expires_at <= at))
    name, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    session.add(
        Family(
            id=digest(name),
            account_id=account_id,
            digest=digest(secret),
            expires_at=at + STAY,
        )
    )
    return f"{name}.{secret}"
