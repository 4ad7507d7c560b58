#| kata: database.add_account
#| refused_by: test_other_errors_are_raised
# A missing table looks like a taken address.
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
        await session.flush()
    except Exception:
        raise EmailTakenError(email) from None
    return account
