"""Accounts: who uses Waybill, and how they prove it."""

from fastapi import APIRouter, HTTPException, status
from pydantic import BaseModel, ConfigDict, EmailStr, Field, SecretStr, field_validator
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.database import Session
from waybill.passwords import AppPasswords, Passwords
from waybill.schemas import RequestModel
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential, Role

# kata: passwords.sign_up
router = APIRouter(prefix="/accounts")


class SignUp(RequestModel):
    """What somebody new tells Waybill."""

    email: EmailStr
    password: SecretStr = Field(min_length=12, max_length=128)

    @field_validator("password")
    @classmethod
    def refuse_half_a_character(cls, password: SecretStr) -> SecretStr:
        """Refuse what UTF-8 can't encode, without repeating it."""
        try:
            password.get_secret_value().encode()
        except UnicodeEncodeError:
            raise ValueError("Half a character is no text.") from None
        return password


class AccountRead(BaseModel):
    """What people see of their account."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    role: Role


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
    session.add(Credential(account_id=account.id, hash=hashed))
    return account


# kata: passwords.sign_in
async def sign_in(
    session: AsyncSession, passwords: Passwords, email: str, password: SecretStr
) -> Account | None:
    """Return whose address and password these are, or None, without a word why."""
    try:
        (email + password.get_secret_value()).encode()
    except UnicodeEncodeError:  # half a character is in nobody's password or address
        return None
    query = (
        select(Account, Credential)
        .join(Credential, Credential.account_id == Account.id)
        .where(Account.email == email.lower())
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        await passwords.hash(password)  # as long as a verification takes
        return None
    account, credential = row
    is_right, renewed = await passwords.verify(password, credential.hash)
    if not is_right or not account.active:
        return None
    if renewed:
        credential.hash = renewed
    return account
