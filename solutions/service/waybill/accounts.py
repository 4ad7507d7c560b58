"""Accounts: who uses Waybill, and how they prove it."""

from datetime import datetime, timedelta
from math import ceil
from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    SecretStr,
    validate_email,
)
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.database import Session, Sessions
from waybill.mail import Send, compose
from waybill.passwords import AppPasswords, Passwords
from waybill.refresh import digest
from waybill.schemas import RequestModel
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential, Job, Role, Try, now


# kata: passwords.canonical
def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    _, address = validate_email(email.lower())  # an accent may join a small letter
    return address


class SignUp(RequestModel):
    """What somebody new tells Waybill."""

    email: Annotated[EmailStr, AfterValidator(canonical)]
    password: SecretStr = Field(min_length=12, max_length=128)


class AccountRead(BaseModel):
    """What people see of their account."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    role: Role


# kata: background.welcome
SUBJECT = "Welcome to Waybill"
TEXT = "Hello!\n\nYour account is open. Hand in a parcel whenever you like.\n"

router = APIRouter(prefix="/accounts")


async def welcome(send: Send, sessions: Sessions, job: Job) -> None:
    """Write to somebody new, if the account is still open."""
    account_id = job.payload["account_id"]
    async with sessions() as session:
        account = await session.get(Account, account_id)
    if account is None or not account.active:
        return
    await send(compose(account.email, SUBJECT, TEXT, f"welcome-{account_id}"))


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountRead)
async def sign_up(data: SignUp, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential and a letter, or not at all."""
    hashed = await passwords.hash(data.password)  # before a connection is taken
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "There is an account with this address."
        ) from None
    session.add(Credential(account_id=account.id, hash=hashed))
    session.add(Job(kind="welcome", payload={"account_id": account.id}))
    return account


# kata: refresh.sign_in
MOST_TRIES = 100
WINDOW = timedelta(days=1)


async def find_hash(session: AsyncSession, email: str) -> tuple[int, str] | None:
    """Return whose id and which hash belong to an address, or None."""
    try:
        address = canonical(email)
    except ValueError:  # what is no address is nobody's
        return None
    query = (
        select(Credential.account_id, Credential.hash)
        .join(Account, Account.id == Credential.account_id)
        .where(Account.email == address)
    )
    async with AsyncSession(session.bind) as own:  # the same engine, lent for a moment
        return (await own.execute(query)).one_or_none()


async def keep_hash(
    session: AsyncSession, account_id: int, old: str, new: str | None
) -> bool:
    """Keep a hash, or put a newer one in its place; False if it isn't there any more.

    Until the commit, nobody else changes this password.
    """
    kept = (
        update(Credential)
        .where(Credential.account_id == account_id, Credential.hash == old)
        .values(hash=new or old)
        .returning(Credential.account_id)
    )
    return await session.scalar(kept) is not None


def key_of(email: str) -> str:
    """Return what tries at an account are counted by, whether there is one or not."""
    try:
        return digest(canonical(email))
    except ValueError:  # what is no address is nobody's
        return digest("nobody")


def too_many(oldest: datetime, at: datetime) -> HTTPException:
    """Make the refusal of one try too many; it ends when the oldest is forgotten."""
    seconds = ceil((oldest + WINDOW - at).total_seconds())
    return HTTPException(
        status.HTTP_429_TOO_MANY_REQUESTS,
        "Too many tries at this account. Wait, then try again.",
        {"Retry-After": str(max(1, seconds))},
    )


async def count_try(session: AsyncSession, key: str, at: datetime) -> None:
    """Keep a try, whatever becomes of it; 429 if it is one too many."""
    old = select(Try.id).where(Try.at <= at - WINDOW).limit(2)
    recent = select(func.count(), func.min(Try.at)).where(
        Try.key == key, Try.at > at - WINDOW
    )
    async with AsyncSession(session.bind) as own:
        mine = Try(key=key, at=at)
        own.add(mine)
        forgotten = old.with_for_update(skip_locked=True)
        await own.execute(delete(Try).where(Try.id.in_(forgotten)))
        await own.commit()  # before it is counted: others may come at this moment
        number, oldest = (await own.execute(recent)).one()
        if number <= MOST_TRIES:
            return
        await own.delete(mine)  # what is refused makes nobody wait for longer
        await own.commit()
    raise too_many(oldest, at)


async def sign_in(
    session: AsyncSession, passwords: Passwords, email: str, password: SecretStr
) -> Account | None:
    """Return whose address and password these are, or None, without a word why.

    Call it before the session has sent a query: until then it holds no connection.
    """
    key = key_of(email)
    await count_try(session, key, now())
    found = await find_hash(session, email)
    if found is None:
        await passwords.hash(password)  # as long as a verification takes
        return None
    account_id, hashed = found
    is_right, renewed = await passwords.verify(password, hashed)
    # Asked after the wait: a password may have changed, or an account been closed.
    if not is_right or not await keep_hash(session, account_id, hashed, renewed):
        return None
    query = select(Account).where(Account.id == account_id, Account.active)
    account = await session.scalar(query)
    if account:
        await session.execute(delete(Try).where(Try.key == key))
    return account
