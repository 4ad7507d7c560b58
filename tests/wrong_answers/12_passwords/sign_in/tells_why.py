#| kata: passwords.sign_in
#| refused_by: test_no_refusal_says_why
# A 404 for the address, a 403 for the account.
from fastapi import HTTPException, status
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.passwords import Passwords
from waybill.tables import Account, Credential


async def sign_in(
    session: AsyncSession, passwords: Passwords, email: str, password: SecretStr
) -> Account | None:
    """Return whose address and password these are, or None, without a word why."""
    account = await session.scalar(select(Account).where(Account.email == email))
    if account is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Nobody has this address.")
    if not account.active:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "This account is closed.")
    query = select(Credential).where(Credential.account_id == account.id)
    credential = (await session.scalars(query)).one()
    is_right, _ = await passwords.verify(password, credential.hash)
    return account if is_right else None
