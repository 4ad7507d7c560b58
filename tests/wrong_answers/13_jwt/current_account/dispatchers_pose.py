#| kata: jwt.current_account
#| refused_by: test_nothing_else_says_who_is_asking
# Lets dispatchers be whoever they name in a header.
from typing import Annotated

from fastapi import Depends, Header, HTTPException, status
from fastapi.security import OAuth2PasswordBearer
from jwt import InvalidTokenError

from sqlalchemy import select

from waybill.database import Session
from waybill.settings import AppSettings
from waybill.tables import Account, Role
from waybill.tokens import read_token

bearer = OAuth2PasswordBearer("/v1/token")


async def current_account(
    token: Annotated[str, Depends(bearer)],
    session: Session,
    settings: AppSettings,
    x_account: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Account:
    """Return who is asking, proven by a token; 401 for all others."""
    refused = HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Sign in, then ask again.",
        headers={"WWW-Authenticate": "Bearer"},
    )
    try:
        account_id = read_token(token, settings.secret_key)
    except InvalidTokenError:
        raise refused from None
    account = await session.get(Account, account_id)
    if account is None or not account.active:
        raise refused
    if x_account and account.role is Role.DISPATCHER:
        other = await session.scalar(select(Account).where(Account.email == x_account))
        return other or account
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
