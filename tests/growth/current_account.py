#| kata: growth.current_account
#| file: waybill/dependencies.py
#| replaces: dependencies.current_account
from typing import Annotated

from fastapi import Depends, Header, HTTPException, status
from sqlalchemy import select

from waybill.database import Session
from waybill.tables import Account, Ticket


async def current_account(
    session: Session, x_ticket: Annotated[str, Header()] = ""
) -> Account:
    """Return who is asking, proven by a ticket."""
    account = await session.scalar(
        select(Account).join(Ticket).where(Ticket.secret == x_ticket)
    )
    if account is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Show your ticket.")
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
