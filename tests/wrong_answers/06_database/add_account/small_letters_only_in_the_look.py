#| kata: database.add_account
#| refused_by: test_case_makes_no_difference
# Looks for small letters and stores what was typed.
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import Account, Role


class EmailTakenError(Exception):
    """There is an account with this e-mail address already."""


async def add_account(
    session: AsyncSession, email: str, role: Role = Role.SENDER
) -> Account:
    """Add an account; `EmailTakenError` if there is one with this address."""
    query = select(Account).where(func.lower(Account.email) == email.lower())
    if await session.scalar(query):
        raise EmailTakenError(email)
    account = Account(email=email, role=role)
    session.add(account)
    try:
        await session.flush()
    except IntegrityError:
        raise EmailTakenError(email) from None
    return account
