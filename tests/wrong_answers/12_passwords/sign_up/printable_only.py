#| kata: passwords.sign_up
#| refused_by: test_only_its_length_counts
# Refuses what some keyboards don't have.
from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from pydantic import (
    AfterValidator,
    EmailStr,
    Field,
    SecretStr,
    field_validator,
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
    password: SecretStr = Field(min_length=12, max_length=128)

    @field_validator("password")
    @classmethod
    def printable(cls, password: SecretStr) -> SecretStr:
        """Refuse what can't be printed."""
        if not password.get_secret_value().isprintable():
            raise ValueError("letters, digits and signs only")
        return password


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountRead)
async def sign_up(data: Form, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(data.password)  # before a connection is taken
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "There is an account with this address."
        ) from None
    session.add(Credential(account_id=account.id, hash=hashed))
    return account
