#| kata: background.welcome
#| refused_by: test_one_transaction
# An account that nobody can sign in to.

from fastapi import APIRouter, HTTPException, status

from waybill.database import Session, Sessions
from waybill.mail import Send, compose
from waybill.passwords import AppPasswords
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Job

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
    session.add(Job(kind="welcome", payload={"account_id": account.id}))
    return account
