#| kata: dependencies.current_account
#| refused_by: test_nothing_else_says_who_is_asking
# Where the header is missing, the query string is believed: a link can be Bob.
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
    header: Annotated[
        str | None, Header(alias="X-Account", min_length=1, max_length=320)
    ] = None,
    x_account: str = "demo@waybill.example",
) -> Account:
    """Return who is asking. The header is believed, until lesson 13 asks for proof."""
    x_account = header or x_account
    query = select(Account).where(Account.email == x_account.lower())
    account = await session.scalar(query)
    if account is None:
        await add_unless_known(sessions, x_account)
        account = (await session.scalars(query)).one()
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
