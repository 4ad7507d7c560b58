#| kata: passwords.sign_in
#| refused_by: test_any_spelling_will_do
# A 404 for the address, a 403 for the account.
from fastapi import HTTPException, status
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.passwords import Passwords
from waybill.tables import Account, Credential


async def find_hash(session: AsyncSession, email: str) -> tuple[int, str] | None:
    """Return whose id and which hash belong to an address, or None.

    It asks in a session of its own, so that no connection stays taken afterwards.
    """
    query = (
        select(Credential.account_id, Credential.hash)
        .join(Account, Account.id == Credential.account_id)
        .where(Account.email == email.lower())
    )
    async with AsyncSession(session.bind) as own:
        row = (await own.execute(query)).one_or_none()
    return None if row is None else (row.account_id, row.hash)


async def renew(session: AsyncSession, account_id: int, old: str, new: str) -> None:
    """Replace a hash, unless its owner has changed the password meanwhile."""
    await session.execute(
        update(Credential)
        .where(Credential.account_id == account_id, Credential.hash == old)
        .values(hash=new)
    )


async def sign_in(
    session: AsyncSession, passwords: Passwords, email: str, password: SecretStr
) -> Account | None:
    """Return whose address and password these are, or None, without a word why.

    Ask before the session has sent anything: then it holds no connection either.
    """
    account = await session.scalar(select(Account).where(Account.email == email))
    if account is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Nobody has this address.")
    if not account.active:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "This account is closed.")
    found = await find_hash(session, email)
    if found is None:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "This account has no password.")
    is_right, _ = await passwords.verify(password, found[1])
    return account if is_right else None
