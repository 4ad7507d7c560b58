#| kata: dependencies.current_account
#| refused_by: test_one_request_asks_once
# A known address in capitals is looked up as typed, added in vain, looked up again.
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
    x_account: Annotated[str, Header(min_length=1, max_length=320)] = (
        "demo@waybill.example"
    ),
) -> Account:
    """Return who is asking. The header is believed, until lesson 13 asks for proof."""
    email = x_account
    query = select(Account).where(Account.email == email)
    account = (await session.scalars(query)).one_or_none()
    if account is None:
        await add_unless_known(sessions, email.lower())
        query = select(Account).where(Account.email == email.lower())
        account = (await session.scalars(query)).one()
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
