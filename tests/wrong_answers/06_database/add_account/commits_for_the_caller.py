#| kata: database.add_account
#| refused_by: test_the_caller_decides
# The caller can no longer roll back.
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import Account, Role


class EmailTakenError(Exception):
    """There is an account with this e-mail address already."""


async def add_account(
    session: AsyncSession, email: str, role: Role = Role.SENDER
) -> Account:
    """Add an account; `EmailTakenError` if there is one with this address."""
    account = Account(email=email.lower(), role=role)
    session.add(account)
    try:
        await session.commit()
    except IntegrityError:
        raise EmailTakenError(email) from None
    return account
