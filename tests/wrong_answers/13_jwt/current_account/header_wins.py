#| kata: jwt.current_account
#| refused_by: test_nothing_else_says_who_is_asking
# With a token of anybody's the header says who is asking.
from typing import Annotated

from fastapi import Depends, Header, HTTPException, status
from fastapi.security import OAuth2PasswordBearer
from jwt import InvalidTokenError

from sqlalchemy import select

from waybill.database import Session
from waybill.settings import AppSettings
from waybill.tables import Account
from waybill.tokens import read_token

bearer = OAuth2PasswordBearer("/v1/token")


async def current_account(
    token: Annotated[str, Depends(bearer)],
    session: Session,
    settings: AppSettings,
    x_account: Annotated[str, Header()] = "",
) -> Account:
    """Return who is asking, proven by a token; 401 for all others."""
    refusal = HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Sign in, then ask again.",
        {"WWW-Authenticate": "Bearer"},
    )
    try:
        account = await session.get(Account, read_token(token, settings.secret_key))
    except InvalidTokenError:
        raise refusal from None
    if account is None or not account.active:
        raise refusal
    if x_account:
        query = select(Account).where(Account.email == x_account)
        return (await session.scalars(query)).one()
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
