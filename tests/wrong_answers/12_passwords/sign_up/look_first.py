#| kata: passwords.sign_up
#| refused_by: test_a_faster_sign_up_wins
# Looks, then inserts: the slower of two gets a 500.

from fastapi import APIRouter, HTTPException, status
from sqlalchemy import select

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.store import add_account
from waybill.tables import Account, Credential

router = APIRouter(prefix="/accounts")


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountRead)
async def sign_up(data: SignUp, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(data.password)  # before a connection is taken
    query = select(Account.id).where(Account.email == data.email)
    if await session.scalar(query):
        raise HTTPException(409, "There is an account with this address.")
    account = await add_account(session, data.email)
    session.add(Credential(account_id=account.id, hash=hashed))
    return account
