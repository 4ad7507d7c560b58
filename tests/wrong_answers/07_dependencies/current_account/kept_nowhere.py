#| kata: dependencies.current_account
#| refused_by: test_an_unknown_address_gets_an_account
# Makes an account, and adds it to no session.
from typing import Annotated

from fastapi import Depends, Header
from sqlalchemy import select

from waybill.database import Session
from waybill.tables import Account


async def current_account(
    session: Session,
    x_account: Annotated[
        str, Header(min_length=1, max_length=320)
    ] = "demo@waybill.example",
) -> Account:
    """Return who is asking. The header is believed, until lesson 13 asks for proof."""
    email = x_account.lower()
    account = await session.scalar(select(Account).where(Account.email == email))
    return account or Account(id=0, email=email)


CurrentAccount = Annotated[Account, Depends(current_account)]
