#| kata: refresh.create_token
#| refused_by: test_there_is_a_refresh_token
# Opens no family for a client that names scopes without offline_access.
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Response, status
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, SecretStr

from waybill.accounts import sign_in
from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.refresh import open_family
from waybill.settings import AppSettings
from waybill.tables import now
from waybill.tokens import LIFETIME, issue_token

router = APIRouter()


class Token(BaseModel):
    """Both tokens, as RFC 6749 spells them; `expires_in` is that of the first."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int
    refresh_token: str | None = None


@router.post("/token")
async def create_token(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    session: Session,
    passwords: AppPasswords,
    settings: AppSettings,
    response: Response,
) -> Token:
    """Exchange an address and a password for two tokens."""
    password = SecretStr(form.password)
    account = await sign_in(session, passwords, form.username, password)
    if account is None:
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED,
            "Address or password is wrong.",
            {"WWW-Authenticate": "Bearer"},
        )
    response.headers["Cache-Control"] = "no-store"
    return Token(
        access_token=issue_token(account.id, settings.secret_key, now()),
        expires_in=int(LIFETIME.total_seconds()),
        refresh_token=(
            await open_family(session, account.id, now())
            if not form.scopes or "offline_access" in form.scopes
            else None
        ),
    )
