#| kata: passwords.sign_up
#| refused_by: test_nothing_else_leaves
# The answer carries the hash.

from fastapi import APIRouter, HTTPException, status
from pydantic import BaseModel, ConfigDict

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential, Role

router = APIRouter(prefix="/accounts")


class Mine(BaseModel):
    """What people see of their account."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    role: Role
    hash: str


@router.post("", status_code=status.HTTP_201_CREATED, response_model=Mine)
async def sign_up(data: SignUp, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(data.password)  # before a connection is taken
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "There is an account with this address."
        ) from None
    session.add(Credential(account_id=account.id, hash=hashed))
    account.hash = hashed
    return account
