#| kata: background.sign_up
#| refused_by: test_an_account_is_opened
# An account that nobody can sign in to.
import logging
from email.message import EmailMessage
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, status

from waybill import mail
from waybill.database import AppSessions, Session, Sessions
from waybill.mail import Send, compose
from waybill.passwords import AppPasswords
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account

log = logging.getLogger("waybill.mail")
SUBJECT = "Welcome to Waybill"
TEXT = "Hello!\n\nYour account is open. Hand in a parcel whenever you like.\n"

router = APIRouter(prefix="/accounts")


async def app_send() -> Send:
    """Return what sends a letter; the settings are read when there is one."""

    async def send(message: EmailMessage) -> None:
        await mail.send(mail.MailSettings(), message)

    return send


AppSend = Annotated[Send, Depends(app_send)]


async def welcome(sessions: Sessions, send: Send, account_id: int) -> None:
    """Write to somebody new, once the account is certain; raise nothing."""
    try:
        async with sessions() as session:
            account = await session.get(Account, account_id)
        if account is None or not account.active:
            return
        await send(compose(account.email, SUBJECT, TEXT, f"welcome-{account_id}"))
    except Exception as error:  # another task may come after this one
        name = type(error).__name__
        log.warning("no welcome for account %d: %s", account_id, name)


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountRead)
async def sign_up(
    data: SignUp,
    session: Session,
    passwords: AppPasswords,
    sessions: AppSessions,
    send: AppSend,
    tasks: BackgroundTasks,
) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(data.password)  # before a connection is taken
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "There is an account with this address."
        ) from None
    tasks.add_task(welcome, sessions, send, account.id)
    return account
