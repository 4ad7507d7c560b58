#| kata: passwords.sign_up
#| refused_by: test_only_its_length_counts
# Counts bytes, as bcrypt would.
from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from pydantic import AfterValidator, EmailStr, SecretStr

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.schemas import RequestModel
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential

router = APIRouter(prefix="/accounts")


def long_enough(password: SecretStr) -> SecretStr:
    """Refuse what is too short or too long."""
    if (
        not 12
        <= len(password.get_secret_value().encode("utf-8", "surrogatepass"))
        <= 128
    ):
        raise ValueError("12 to 128 characters")
    return password


class Form(RequestModel):
    """What somebody new tells Waybill."""

    email: Annotated[EmailStr, AfterValidator(canonical)]
    password: Annotated[SecretStr, AfterValidator(long_enough)]


@router.post("", status_code=201, response_model=AccountRead)
async def sign_up(data: Form, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(data.password)
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "This address is taken."
        ) from None
    session.add(Credential(account_id=account.id, hash=hashed))
    return account
