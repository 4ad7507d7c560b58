#| kata: jwt.current_account
#| refused_by: test_a_token_is_read_each_time
# What a token said is remembered, also when it has expired.
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, HTTPException, status
from fastapi.security import OAuth2PasswordBearer

from jwt import InvalidTokenError

from waybill.database import Session
from waybill.settings import AppSettings
from waybill.tables import Account
from waybill.tokens import read_token

bearer = OAuth2PasswordBearer("/v1/token")


remembered = lru_cache(read_token)


async def current_account(
    token: Annotated[str, Depends(bearer)], session: Session, settings: AppSettings
) -> Account:
    """Return who is asking, proven by a token; 401 for all others."""
    unproven = HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Prove who you are.",
        {"WWW-Authenticate": "Bearer"},
    )
    try:
        account_id = remembered(token, settings.secret_key)
    except InvalidTokenError:
        raise unproven from None
    account = await session.get(Account, account_id)
    if account is None or not account.active:
        raise unproven
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
