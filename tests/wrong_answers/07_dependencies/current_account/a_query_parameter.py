#| kata: dependencies.current_account
#| refused_by: test_the_header_says_who_is_asking
# A plain str is a query parameter, so everybody is the demo account.
from typing import Annotated

from fastapi import Depends
from sqlalchemy import select

from waybill.database import AppSessions, Session
from waybill.tables import Account


async def current_account(
    session: Session,
    sessions: AppSessions,
    x_account: str = "demo@waybill.example",
) -> Account:
    """Return who is asking. The header is believed, until lesson 13 asks for proof."""
    query = select(Account).where(Account.email == x_account)
    return (await session.scalars(query)).one()


CurrentAccount = Annotated[Account, Depends(current_account)]
