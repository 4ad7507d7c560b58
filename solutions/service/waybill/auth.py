"""Signing in: a password in, a token out."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Response, status
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, SecretStr

from waybill.accounts import AccountRead, sign_in
from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.passwords import AppPasswords
from waybill.settings import AppSettings
from waybill.tables import Account, now
from waybill.tokens import LIFETIME, issue_token

# kata: jwt.create_token
router = APIRouter()


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
    )


# kata: jwt.read_me
@router.get("/me", response_model=AccountRead)
async def read_me(account: CurrentAccount) -> Account:
    """Return the account of whoever is asking."""
    return account
