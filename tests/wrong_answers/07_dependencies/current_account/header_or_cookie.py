#| kata: dependencies.current_account
#| refused_by: test_nothing_else_says_who_is_asking
# Without the header, a cookie says who is asking.
from contextlib import suppress
from typing import Annotated

from fastapi import Cookie, Depends, Header
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
    account: Annotated[str | None, Cookie()] = None,
) -> Account:
    """Return who is asking. The header is believed, until lesson 13 asks for proof."""
    if account and x_account == "demo@waybill.example":
        x_account = account
    email = x_account.lower()
    query = select(Account).where(Account.email == email)
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        await add_unless_known(sessions, email)
        found = (await session.scalars(query)).one()
    return found


CurrentAccount = Annotated[Account, Depends(current_account)]
