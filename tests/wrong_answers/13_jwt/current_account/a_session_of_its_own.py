#| kata: jwt.current_account
#| refused_by: test_a_change_to_the_account_is_kept
# Its session is closed, and nobody keeps the change.
from typing import Annotated

from fastapi import Depends, HTTPException, status
from fastapi.security import OAuth2PasswordBearer
from jwt import InvalidTokenError

from waybill.database import AppSessions
from waybill.settings import AppSettings
from waybill.tables import Account
from waybill.tokens import read_token

bearer = OAuth2PasswordBearer("/v1/token")


async def current_account(
    token: Annotated[str, Depends(bearer)], sessions: AppSessions, settings: AppSettings
) -> Account:
    """Return who is asking, proven by a token; 401 for all others."""
    refusal = HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Sign in, then ask again.",
        {"WWW-Authenticate": "Bearer"},
    )
    try:
        account_id = read_token(token, settings.secret_key)
        async with sessions() as session:
            account = await session.get(Account, account_id)
    except InvalidTokenError:
        raise refusal from None
    if account is None or not account.active:
        raise refusal
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
