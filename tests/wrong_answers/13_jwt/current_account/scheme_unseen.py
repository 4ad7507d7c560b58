#| kata: jwt.current_account
#| refused_by: test_without_a_token_it_is_401
# Takes the last word of Authorization, whatever the scheme.
from typing import Annotated

from fastapi import Depends, HTTPException, Request, status
from fastapi.security import OAuth2PasswordBearer
from jwt import InvalidTokenError

from waybill.database import Session
from waybill.settings import AppSettings
from waybill.tables import Account
from waybill.tokens import read_token

bearer = OAuth2PasswordBearer("/v1/token", auto_error=False)


async def current_account(
    request: Request, shown: Annotated[str | None, Depends(bearer)], session: Session, settings: AppSettings
) -> Account:
    """Return who is asking, proven by a token; 401 for all others."""
    refusal = HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Sign in, then ask again.",
        {"WWW-Authenticate": "Bearer"},
    )
    token = request.headers.get("authorization", "").split(" ")[-1]
    try:
        account = await session.get(Account, read_token(token, settings.secret_key))
    except InvalidTokenError:
        raise refusal from None
    if account is None or not account.active:
        raise refusal
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
