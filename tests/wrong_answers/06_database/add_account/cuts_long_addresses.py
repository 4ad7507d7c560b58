#| kata: database.add_account
#| refused_by: test_an_account_is_added
# An address of 320 characters is kept whole, or somebody else gets the mail.
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
    account = Account(email=email.lower()[:64], role=role)
    session.add(account)
    try:
        await session.flush()
    except IntegrityError as error:
        raise EmailTakenError(email) from error
    return account
