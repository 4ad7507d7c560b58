#| kata: passwords.sign_in
#| refused_by: test_every_refusal_costs_the_same
# Compares with a text that is no hash.
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.passwords import Passwords
from waybill.tables import Account, Credential


async def sign_in(
    session: AsyncSession, passwords: Passwords, email: str, password: SecretStr
) -> Account | None:
    """Return whose address and password these are, or None, without a word why."""
    query = (
        select(Account, Credential)
        .join(Credential, Credential.account_id == Account.id)
        .where(Account.email == email.lower())
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        await passwords.verify(password, "dummy")
        return None
    account, credential = row
    is_right, renewed = await passwords.verify(password, credential.hash)
    if not is_right or not account.active:
        return None
    if renewed:
        credential.hash = renewed
    return account
