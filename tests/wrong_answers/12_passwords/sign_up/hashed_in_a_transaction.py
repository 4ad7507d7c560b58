#| kata: passwords.sign_up
#| refused_by: test_no_connection_waits_for_argon2
# Looks first, and keeps the connection while Argon2 works.

from fastapi import APIRouter, HTTPException, status
from sqlalchemy import select

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential

router = APIRouter(prefix="/accounts")


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountRead)
async def sign_up(data: SignUp, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    query = select(Account.id).where(Account.email == data.email)
    if await session.scalar(query):
        raise HTTPException(409, "There is an account with this address.")
    hashed = await passwords.hash(data.password)  # before a connection is taken
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "There is an account with this address."
        ) from None
    session.add(Credential(account_id=account.id, hash=hashed))
    return account
