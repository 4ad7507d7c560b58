#| kata: passwords.sign_up
#| refused_by: test_no_connection_waits_for_argon2
# A taken address costs a second hash.

from fastapi import APIRouter, HTTPException, status

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential

router = APIRouter(prefix="/accounts")


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountRead)
async def sign_up(data: SignUp, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(data.password)
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        await passwords.hash(data.password)  # as slow as for others
        raise HTTPException(status.HTTP_409_CONFLICT, "This address is taken.") from None
    session.add(Credential(account_id=account.id, hash=hashed))
    return account
