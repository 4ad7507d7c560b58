#| kata: dependencies.current_account
#| refused_by: test_an_unknown_address_gets_an_account
# Some providers ignore what follows a +. Others don't: there it is another person.
import re
from contextlib import suppress
from typing import Annotated

from fastapi import Depends, Header
from sqlalchemy import select

from waybill.database import AppSessions, Session, Sessions
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account


async def add_unless_known(sessions: Sessions, email: str) -> None:
    """Add an account and commit it; if another request was faster, leave it be."""
    with suppress(EmailTakenError):
        async with sessions.begin() as session:
            await add_account(session, email)


async def current_account(
    session: Session,
    sessions: AppSessions,
    x_account: Annotated[
        str, Header(min_length=1, max_length=320)
    ] = "demo@waybill.example",
) -> Account:
    """Return who is asking. The header is believed, until lesson 13 asks for proof."""
    email = re.sub(r"\+[^@]*", "", x_account.lower())
    query = select(Account).where(Account.email == email)
    account = await session.scalar(query)
    if account is None:
        await add_unless_known(sessions, email)
        account = (await session.scalars(query)).one()
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
