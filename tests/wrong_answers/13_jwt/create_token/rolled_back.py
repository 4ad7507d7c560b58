#| kata: jwt.create_token
#| refused_by: test_a_new_hash_is_kept
# Ends the transaction before it signs the token, and loses what was stored.
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
    account_id = account.id
    await session.rollback()  # the rest needs no connection
    response.headers["Cache-Control"] = "no-store"
    return Token(
        access_token=issue_token(account_id, settings.secret_key, now()),
        expires_in=int(LIFETIME.total_seconds()),
    )
