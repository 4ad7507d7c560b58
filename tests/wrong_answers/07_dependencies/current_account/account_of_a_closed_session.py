#| kata: dependencies.current_account
#| refused_by: test_a_change_to_the_account_is_kept
# Returns the account from the session that added it, which is closed.
from typing import Annotated

from fastapi import Depends, Header
from sqlalchemy import select

from waybill.database import AppSessions, Session
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account


async def current_account(
    session: Session,
    sessions: AppSessions,
    x_account: Annotated[
        str, Header(min_length=1, max_length=320)
    ] = "demo@waybill.example",
) -> Account:
    """Return who is asking. The header is believed, until lesson 13 asks for proof."""
    query = select(Account).where(Account.email == x_account.lower())
    account = await session.scalar(query)
    if account is None:
        try:
            async with sessions.begin() as own:
                return await add_account(own, x_account)
        except EmailTakenError:
            account = (await session.scalars(query)).one()
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
