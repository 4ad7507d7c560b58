#| kata: passwords.sign_up
#| refused_by: test_no_connection_waits_for_argon2
# A taken address costs a second hash.
from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, SecretStr

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.schemas import RequestModel
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential, Role

router = APIRouter(prefix="/accounts")


class SignUp(RequestModel):
    """What somebody new tells Waybill."""

    email: Annotated[EmailStr, AfterValidator(canonical)]
    password: Annotated[SecretStr, Field(min_length=12, max_length=128)]


class AccountRead(BaseModel):
    """What people see of their account."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    role: Role


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
