#| kata: refresh.rotate
#| refused_by: test_anything_else_is_none
# Compares the beginning of the digest, which is found by trying.
from sqlalchemy import update

from waybill.tables import Account


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
            Family.digest.startswith(digest(secret)[:8]),
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
