"""Refresh tokens: each works once, and one that was copied ends."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import Account, Family

# kata: refresh.open_family
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
    await forget_expired(session, at)
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


# kata: refresh.rotate
async def rotate(
    session: AsyncSession, token: str, at: datetime
) -> tuple[int, str] | None:
    """Exchange a refresh token for the next one; None if it isn't the newest."""
    name, _, secret = token.partition(".")
    following = secrets.token_urlsafe(32)
    exchange = (
        update(Family)
        .where(
            Family.id == digest(name),
            Family.digest == digest(secret),
            Family.expires_at > at,
            Family.account_id.in_(select(Account.id).where(Account.active)),
        )
        .values(digest=digest(following))
        .returning(Family.account_id)
    )
    account_id = await session.scalar(exchange)
    return None if account_id is None else (account_id, f"{name}.{following}")


async def end_family(session: AsyncSession, token: str) -> bool:
    """End the family that a token names, old or new; False if there is none."""
    name = token.partition(".")[0]
    ended = delete(Family).where(Family.id == digest(name)).returning(Family.id)
    return await session.scalar(ended) is not None


async def end_families(session: AsyncSession, account_id: int) -> None:
    """End all families of an account."""
    await session.execute(delete(Family).where(Family.account_id == account_id))
