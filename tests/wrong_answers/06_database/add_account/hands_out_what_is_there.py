#| kata: database.add_account
#| refused_by: test_a_taken_address_is_refused
# Get or create: Lena's account for whoever types her address.
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import Account, Role


class EmailTakenError(Exception):
    """There is an account with this e-mail address already."""


async def add_account(
    session: AsyncSession, email: str, role: Role = Role.SENDER
) -> Account:
    """Add an account; `EmailTakenError` if there is one with this address."""
    query = select(Account).where(Account.email == email.lower())
    if found := await session.scalar(query):
        return found
    account = Account(email=email.lower(), role=role)
    session.add(account)
    try:
        await session.flush()
    except IntegrityError:
        raise EmailTakenError(email) from None
    return account
