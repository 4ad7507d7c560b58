#| kata: passwords.sign_up
#| refused_by: test_the_password_is_kept_as_a_hash
# Hashes the password and forgets the hash.

from fastapi import APIRouter, HTTPException, status

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account

router = APIRouter(prefix="/accounts")


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountRead)
async def sign_up(data: SignUp, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(data.password)  # before a connection is taken
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "There is an account with this address."
        ) from None
    return account
