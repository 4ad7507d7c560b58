"""What routes share: a page, and who is asking."""

from typing import Annotated

from fastapi import Depends, HTTPException, Query, status
from fastapi.security import OAuth2PasswordBearer
from jwt import InvalidTokenError
from pydantic import BaseModel, Field
from structlog.contextvars import bind_contextvars

from waybill.database import Session
from waybill.settings import AppSettings
from waybill.tables import Account
from waybill.tokens import read_token


# kata: dependencies.page
class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = Field(20, ge=1, le=100)
    after: int = Field(0, ge=0, le=2**63 - 1)


PageQuery = Annotated[Page, Query()]


# kata: observability.account
bearer = OAuth2PasswordBearer("/v1/token")


async def current_account(
    token: Annotated[str, Depends(bearer)], session: Session, settings: AppSettings
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
    bind_contextvars(account_id=account.id)
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
