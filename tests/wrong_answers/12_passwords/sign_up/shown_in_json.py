#| kata: passwords.sign_up
#| refused_by: test_the_password_does_not_show
# Hides the password, but for JSON.
from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from pydantic import (
    AfterValidator,
    EmailStr,
    Field,
    SecretStr,
    field_serializer,
)

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.schemas import RequestModel
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential

router = APIRouter(prefix="/accounts")


class Form(RequestModel):
    """What somebody new tells Waybill."""

    email: Annotated[EmailStr, AfterValidator(canonical)]
    password: Annotated[SecretStr, Field(min_length=12, max_length=128)]

    @field_serializer("password", when_used="json")
    def dump_secret(self, password: SecretStr) -> str:
        return password.get_secret_value()


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
