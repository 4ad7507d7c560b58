#| kata: passwords.sign_up
#| refused_by: test_the_password_is_kept_as_a_hash
# Brings a password into a normal form, which signing in doesn't do.
import unicodedata

from fastapi import APIRouter, HTTPException, status
from pydantic import SecretStr

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential

router = APIRouter(prefix="/accounts")


@router.post("", status_code=201, response_model=AccountRead)
async def sign_up(data: SignUp, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(
        SecretStr(unicodedata.normalize("NFKC", data.password.get_secret_value()))
    )
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "This address is taken."
        ) from None
    session.add(Credential(account_id=account.id, hash=hashed))
    return account
