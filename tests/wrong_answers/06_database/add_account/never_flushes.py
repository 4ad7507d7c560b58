#| kata: database.add_account
#| refused_by: test_an_account_is_added
# Adding to a session sends nothing: no id, and no refusal.
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
        session.add(account)
    except IntegrityError:
        raise EmailTakenError(email) from None
    return account
