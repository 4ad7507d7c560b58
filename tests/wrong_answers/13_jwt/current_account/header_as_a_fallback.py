#| kata: jwt.current_account
#| refused_by: test_nothing_else_says_who_is_asking
# Fails open: without a token the header is believed as before.
from typing import Annotated

from fastapi import Depends, Header, HTTPException, status
from fastapi.security import OAuth2PasswordBearer
from jwt import InvalidTokenError

from sqlalchemy import select

from waybill.database import Session
from waybill.settings import AppSettings
from waybill.tables import Account
from waybill.tokens import read_token

bearer = OAuth2PasswordBearer("/v1/token", auto_error=False)


async def current_account(
    token: Annotated[str | None, Depends(bearer)],
    session: Session,
    settings: AppSettings,
    x_account: Annotated[str, Header()] = "",
) -> Account:
    """Return who is asking, proven by a token; 401 for all others."""
    if token is None and x_account:
        query = select(Account).where(Account.email == x_account)
        return (await session.scalars(query)).one()
    refusal = HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Sign in, then ask again.",
        {"WWW-Authenticate": "Bearer"},
    )
    try:
        account = await session.get(Account, read_token(token or "", settings.secret_key))
    except InvalidTokenError:
        raise refusal from None
    if account is None or not account.active:
        raise refusal
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
