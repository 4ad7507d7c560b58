#| kata: refresh.sign_in
#| refused_by: test_a_refused_try_is_not_kept
# Takes a refused try back by its key and its moment, which others share.
from datetime import datetime, timedelta
from math import ceil

from fastapi import HTTPException, status
from pydantic import SecretStr
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.passwords import Passwords
from waybill.refresh import digest
from waybill.tables import Account, Credential, Try, now

MOST_TRIES = 100
WINDOW = timedelta(days=1)


async def find_hash(session: AsyncSession, email: str) -> tuple[int, str] | None:
    """Return whose id and which hash belong to an address, or None."""
    try:
        address = canonical(email)
    except ValueError:  # what is no address is nobody's
        return None
    query = (
        select(Credential.account_id, Credential.hash)
        .join(Account, Account.id == Credential.account_id)
        .where(Account.email == address)
    )
    async with AsyncSession(session.bind) as own:  # the same engine, lent for a moment
        return (await own.execute(query)).one_or_none()


async def keep_hash(
    session: AsyncSession, account_id: int, old: str, new: str | None
) -> bool:
    """Keep a hash, or put a newer one in its place; False if it isn't there any more.

    Until the commit, nobody else changes this password.
    """
    kept = (
        update(Credential)
        .where(Credential.account_id == account_id, Credential.hash == old)
        .values(hash=new or old)
        .returning(Credential.account_id)
    )
    return await session.scalar(kept) is not None


def key_of(email: str) -> str:
    """Return what tries at an account are counted by, whether there is one or not."""
    try:
        return digest(canonical(email))
    except ValueError:  # what is no address is nobody's
        return digest("nobody")


def too_many(oldest: datetime, at: datetime) -> HTTPException:
    """Make the refusal of one try too many; it ends when the oldest is forgotten."""
    seconds = ceil((oldest + WINDOW - at).total_seconds())
    return HTTPException(
        status.HTTP_429_TOO_MANY_REQUESTS,
        "Too many tries at this account. Wait, then try again.",
        {"Retry-After": str(max(1, seconds))},
    )


async def count_try(session: AsyncSession, key: str, at: datetime) -> None:
    """Keep a try, whatever becomes of it; 429 if it is one too many."""
    old = select(Try.id).where(Try.at <= at - WINDOW).limit(2)
    recent = select(func.count(), func.min(Try.at)).where(
        Try.key == key, Try.at > at - WINDOW
    )
    forgotten = old.with_for_update(skip_locked=True)
    async with AsyncSession(session.bind) as own:
        await own.execute(delete(Try).where(Try.id.in_(forgotten)))
        mine = Try(key=key, at=at)
        own.add(mine)
        await own.commit()
        number, oldest = (await own.execute(recent)).one()
        if number > MOST_TRIES:
            await own.execute(delete(Try).where(Try.key == key, Try.at == at))
            await own.commit()
            raise too_many(oldest, at)


async def sign_in(
    session: AsyncSession, passwords: Passwords, email: str, password: SecretStr
) -> Account | None:
    """Return whose address and password these are, or None, without a word why.

    Call it before the session has sent a query: until then it holds no connection.
    """
    key = key_of(email)
    await count_try(session, key, now())
    found = await find_hash(session, email)
    if found is None:
        await passwords.hash(password)  # as long as a verification takes
        return None
    account_id, hashed = found
    is_right, renewed = await passwords.verify(password, hashed)
    # Asked after the wait: a password may have changed, or an account been closed.
    if not is_right or not await keep_hash(session, account_id, hashed, renewed):
        return None
    query = select(Account).where(Account.id == account_id, Account.active)
    account = await session.scalar(query)
    if account is not None:
        await session.execute(delete(Try).where(Try.key == key))
    return account
