#| kata: jwt.create_token
#| refused_by: test_it_has_the_key_of_the_settings
# Hands out the last token again, whatever the time and the key are.
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Response, status
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, SecretStr

from waybill.accounts import sign_in
from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.settings import AppSettings
from waybill.tables import now
from waybill.tokens import LIFETIME, issue_token

router = APIRouter()
TOKENS: dict[int, str] = {}


class Token(BaseModel):
    """An access token, as RFC 6749 spells it; `expires_in` is in seconds."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int


@router.post("/token")
async def create_token(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    session: Session,
    passwords: AppPasswords,
    settings: AppSettings,
    response: Response,
) -> Token:
    """Exchange an address and a password for an access token."""
    account = await sign_in(
        session, passwords, form.username, SecretStr(form.password)
    )
    if account is None:
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED,
            "Address or password is wrong.",
            {"WWW-Authenticate": "Bearer"},
        )
    response.headers["Cache-Control"] = "no-store"
    if account.id not in TOKENS:
        TOKENS[account.id] = issue_token(account.id, settings.secret_key, now())
    return Token(
        access_token=TOKENS[account.id],
        expires_in=int(LIFETIME.total_seconds()),
    )
