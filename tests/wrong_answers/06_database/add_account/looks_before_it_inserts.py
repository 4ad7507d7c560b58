#| kata: database.add_account
#| refused_by: test_a_race_is_lost_in_good_order
# Small letters, and still a look instead of an answer.
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import Account, Role


class EmailTakenError(Exception):
    """There is an account with this e-mail address already."""


async def add_account(
    session: AsyncSession, email: str, role: Role = Role.SENDER
) -> Account:
    """Add an account; `EmailTakenError` if there is one with this address."""
    email = email.lower()
    if await session.scalar(select(Account).where(Account.email == email)):
        raise EmailTakenError(email)
    account = Account(email=email, role=role)
    session.add(account)
    await session.flush()
    return account
