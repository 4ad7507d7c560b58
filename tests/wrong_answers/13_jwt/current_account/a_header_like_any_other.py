#| kata: jwt.current_account
#| refused_by: test_without_a_token_it_is_401
# Reads the header by itself: the docs know no lock.
from typing import Annotated

from fastapi import Depends, Header, HTTPException, status
from jwt import InvalidTokenError

from waybill.database import Session
from waybill.settings import AppSettings
from waybill.tables import Account
from waybill.tokens import read_token

async def current_account(
    session: Session,
    settings: AppSettings,
    authorization: Annotated[str, Header()] = "",
) -> Account:
    """Return who is asking, proven by a token; 401 for all others."""
    refusal = HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Sign in, then ask again.",
        {"WWW-Authenticate": "Bearer"},
    )
    token = authorization.removeprefix("Bearer ")
    try:
        account = await session.get(Account, read_token(token, settings.secret_key))
    except InvalidTokenError:
        raise refusal from None
    if account is None or not account.active:
        raise refusal
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
