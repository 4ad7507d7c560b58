"""Signing in: a password in, a token out."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Response, status
from fastapi.requests import HTTPConnection
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import update

from waybill.accounts import AccountRead, canonical, sign_in
from waybill.database import AppSessions, Session
from waybill.dependencies import CurrentAccount
from waybill.limits import address_of, limit_headers
from waybill.passwords import AppPasswords
from waybill.refresh import end_families, end_family, open_family, rotate
from waybill.schemas import RequestModel
from waybill.settings import AppSettings
from waybill.tables import Account, Credential, now
from waybill.tokens import LIFETIME, issue_token

# kata: rate_limiting.create_token
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
    except ValueError:  # what is no address is nobody's
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
        hit = await limiter.hit(key)
        if not hit.allowed:
            raise HTTPException(
                status.HTTP_429_TOO_MANY_REQUESTS,
                "Too many attempts. Wait, then try again.",
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


# kata: jwt.read_me
@router.get("/me", response_model=AccountRead)
async def read_me(account: CurrentAccount) -> Account:
    """Return the account of whoever is asking."""
    return account


# kata: refresh.renew_token
def refusal() -> HTTPException:
    """Make the answer to a refresh token that is no good, whatever is wrong with it."""
    return HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Sign in again.",
        {"WWW-Authenticate": "Bearer"},
    )


async def shown_token(refresh_token: Annotated[str, Form()] = "") -> str:
    """Return the refresh token that a form holds; 401 without one."""
    if not refresh_token:
        raise refusal()
    return refresh_token


ShownToken = Annotated[str, Depends(shown_token)]


@router.post("/token/refresh")
async def renew_token(
    token: ShownToken, sessions: AppSessions, settings: AppSettings, response: Response
) -> Token:
    """Exchange a refresh token for two new ones; one that was used ends its family."""
    at = now()
    async with sessions.begin() as session:
        found = await rotate(session, token, at)
        if found is None:
            await end_family(session, token)
    if found is None:  # only now: an exception above would bring the family back
        raise refusal()
    account_id, following = found
    response.headers["Cache-Control"] = "no-store"
    return Token(
        access_token=issue_token(account_id, settings.secret_key, at),
        expires_in=int(LIFETIME.total_seconds()),
        refresh_token=following,
    )


# kata: refresh.sign_out
@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(token: ShownToken, session: Session) -> None:
    """End the family of a refresh token, old or new."""
    if not await end_family(session, token):
        raise refusal()


@router.post("/logout/everywhere", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out_everywhere(account: CurrentAccount, session: Session) -> None:
    """End all families of whoever is asking."""
    await end_families(session, account.id)


# kata: refresh.change_password
class NewPassword(RequestModel):
    """What somebody sends who wants another password."""

    old: SecretStr = Field(max_length=128)
    new: SecretStr = Field(min_length=12, max_length=128)


@router.put("/me/password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(
    data: NewPassword,
    account: CurrentAccount,
    session: Session,
    sessions: AppSessions,
    passwords: AppPasswords,
) -> None:
    """Change the password of whoever is asking, and sign them out everywhere."""
    await session.close()  # nobody needs its connection while Argon2 works
    hashed = await passwords.hash(data.new)
    async with sessions.begin() as own:
        if await sign_in(own, passwords, account.email, data.old) is None:
            raise HTTPException(status.HTTP_403_FORBIDDEN, "The old password is wrong.")
        await own.execute(
            update(Credential)
            .where(Credential.account_id == account.id)
            .values(hash=hashed)
        )
        await end_families(own, account.id)
