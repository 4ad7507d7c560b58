#| kata: database.add_account
#| refused_by: test_the_caller_decides
# SQLite's driver has begun no transaction yet, so releasing the savepoint commits.
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
    try:
        async with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise EmailTakenError(email) from None
    return account
