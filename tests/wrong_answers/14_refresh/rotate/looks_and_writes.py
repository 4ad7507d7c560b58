#| kata: refresh.rotate
#| refused_by: test_another_process_was_faster
# Looks first, and writes then: two at once get a token each.
from waybill.tables import Account


async def rotate(
    session: AsyncSession, token: str, at: datetime
) -> tuple[int, str] | None:
    """Exchange a refresh token for the next one; None if it isn't the newest."""
    name, _, secret = token.partition(".")
    following = secrets.token_urlsafe(32)
    query = (
        select(Family)
        .join(Account, Account.id == Family.account_id)
        .where(Family.id == digest(name), Family.digest == digest(secret))
        .where(Family.expires_at > at, Account.active)
    )
    family = await session.scalar(query)
    if family is None:
        return None
    family.digest = digest(following)
    await session.flush()
    return family.account_id, f"{name}.{following}"


async def end_family(session: AsyncSession, token: str) -> bool:
    """End the family that a token names, old or new; False if there is none."""
    name = token.partition(".")[0]
    ended = delete(Family).where(Family.id == digest(name)).returning(Family.id)
    return await session.scalar(ended) is not None


async def end_families(session: AsyncSession, account_id: int) -> None:
    """End all families of an account."""
    await session.execute(delete(Family).where(Family.account_id == account_id))
