#| kata: background.welcome
#| refused_by: test_the_job_names_the_account
# Lets the job wait for half a minute, in case the mail server is busy.
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    SecretStr,
)

from waybill.database import Session, Sessions
from waybill.mail import Send, compose
from waybill.passwords import AppPasswords
from waybill.schemas import RequestModel
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential, Job, Role, now

SUBJECT = "Welcome to Waybill"
TEXT = "Hello!\n\nYour account is open. Hand in a parcel whenever you like.\n"

router = APIRouter(prefix="/accounts")


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
    session.add(Job(kind="welcome", payload={"account_id": account.id}, run_at=now() + timedelta(seconds=30)))
    return account
