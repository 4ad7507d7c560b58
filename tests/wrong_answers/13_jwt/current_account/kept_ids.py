#| kata: jwt.current_account
#| refused_by: test_a_closed_account_is_refused
# Whoever was let in once stays in, closed or not.
from typing import Annotated

from fastapi import Depends, HTTPException, status
from fastapi.security import OAuth2PasswordBearer

from jwt import InvalidTokenError

from waybill.database import Session
from waybill.settings import AppSettings
from waybill.tables import Account
from waybill.tokens import read_token

OPEN: set[int] = set()
bearer = OAuth2PasswordBearer("/v1/token")


async def current_account(
    token: Annotated[str, Depends(bearer)], session: Session, settings: AppSettings
) -> Account:
    """Return who is asking, proven by a token; 401 for all others."""
    refusal = HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Please sign in.",
        {"WWW-Authenticate": "Bearer"},
    )
    try:
        account_id = read_token(token, settings.secret_key)
    except InvalidTokenError:
        raise refusal from None
    account = await session.get(Account, account_id)
    if account is None or not (account.active or account_id in OPEN):
        raise refusal
    OPEN.add(account_id)
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
