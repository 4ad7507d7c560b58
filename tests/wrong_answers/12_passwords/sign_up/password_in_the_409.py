#| kata: passwords.sign_up
#| refused_by: test_a_taken_address_is_409
# Tells the client what it sent, the password included.

from fastapi import APIRouter, HTTPException, status

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential

router = APIRouter(prefix="/accounts")


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountRead)
async def sign_up(data: SignUp, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(data.password)  # before a connection is taken
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        sent = data.model_dump() | {"password": data.password.get_secret_value()}
        raise HTTPException(status.HTTP_409_CONFLICT, sent) from None
    session.add(Credential(account_id=account.id, hash=hashed))
    return account
