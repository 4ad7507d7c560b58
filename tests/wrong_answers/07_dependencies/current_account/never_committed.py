#| kata: dependencies.current_account
#| refused_by: test_an_unknown_address_gets_an_account
# A session without begin() adds the account and forgets it.
from contextlib import suppress
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
        with suppress(EmailTakenError):  # another request may be faster
            async with sessions() as own:
                await add_account(own, x_account)
        account = await session.scalar(query)
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
