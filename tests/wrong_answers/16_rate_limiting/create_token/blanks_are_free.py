#| kata: rate_limiting.create_token
#| refused_by: test_nothing_else_counts
# A password of blanks can't be right, so the attempt isn't counted.
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Response, status
from fastapi.requests import HTTPConnection
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, SecretStr

from waybill.accounts import canonical, sign_in
from waybill.database import Session
from waybill.limits import address_of, limit_headers
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
    refresh_token: str


def account_tried(username: str) -> str:
    """Return a key for an account, whether it exists or not."""
    try:
        return f"sign-in as {canonical(username)}"
    except ValueError:
        return "sign-in as nobody"


async def count_attempt(
    connection: HTTPConnection,
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
) -> None:
    """Refuse with 429 whoever tries too often, from one address or at one account."""
    state = connection.app.state
    for limiter, key in (
        (state.limiter, f"sign-in from {address_of(connection)}"),
        (state.attempts, account_tried(form.username)),
    ):
        if not form.password.strip():
            continue
        hit = await limiter.hit(key)
        if not hit.allowed:
            raise HTTPException(
                status.HTTP_429_TOO_MANY_REQUESTS,
                "Too many tries. Wait, then try again.",
                limit_headers(limiter.limit, hit),
            )


@router.post("/token", dependencies=[Depends(count_attempt)])
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
        refresh_token=await open_family(session, account.id, now()),
    )
