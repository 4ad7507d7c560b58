#| kata: passwords.sign_up
#| refused_by: test_an_account_is_opened
# The address isn't canonical; add_account's small letters hide that for most.
from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from pydantic import EmailStr, Field, SecretStr

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.schemas import RequestModel
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential

router = APIRouter(prefix="/accounts")


class Form(RequestModel):
    """What somebody new tells Waybill."""

    email: EmailStr
    password: Annotated[SecretStr, Field(min_length=12, max_length=128)]


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountRead)
async def sign_up(data: Form, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(data.password)
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        raise HTTPException(status.HTTP_409_CONFLICT, "This address is taken.") from None
    session.add(Credential(account_id=account.id, hash=hashed))
    return account
