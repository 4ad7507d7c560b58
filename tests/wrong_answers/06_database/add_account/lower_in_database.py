#| kata: database.add_account
#| refused_by: test_case_makes_no_difference
# SQLite's lower() knows A to Z only.
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import Account, Role


class EmailTakenError(Exception):
    """There is an account with this e-mail address already."""


async def add_account(
    session: AsyncSession, email: str, role: Role = Role.SENDER
) -> Account:
    """Add an account; `EmailTakenError` if there is one with this address.

    Call it when nothing else waits in the session; after that error, roll back.
    """
    account = Account(email=func.lower(email), role=role)
    session.add(account)
    try:
        await session.flush()
    except IntegrityError:
        raise EmailTakenError(email) from None
    await session.refresh(account)
    return account
