#| kata: dependencies.current_account
#| refused_by: test_an_unknown_address_gets_an_account
# Answers 401 to whoever is new.
from typing import Annotated

from fastapi import Depends, Header, HTTPException
from sqlalchemy import select

from waybill.database import AppSessions, Session
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
        raise HTTPException(401, "Who are you?")
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
