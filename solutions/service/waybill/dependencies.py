"""What routes share: a page, and who is asking."""

from contextlib import suppress
from typing import Annotated

from fastapi import Depends, Header, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from waybill.database import AppSessions, Session
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account


# kata: dependencies.page
class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = Field(20, ge=1, le=100)
    after: int = Field(0, ge=0, le=2**63 - 1)


PageQuery = Annotated[Page, Query()]


# kata: dependencies.current_account
async def current_account(
    session: Session,
    sessions: AppSessions,
    x_account: Annotated[
        str, Header(min_length=1, max_length=320)
    ] = "demo@waybill.example",
) -> Account:
    """Return who is asking. The header is believed, until 13_jwt asks for proof."""
    query = select(Account).where(Account.email == x_account.lower())
    account = await session.scalar(query)
    if account is None:
        with suppress(EmailTakenError):  # another request may be faster
            async with sessions.begin() as own:
                await add_account(own, x_account)
        account = (await session.scalars(query)).one()
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
