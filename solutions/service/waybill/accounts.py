"""Accounts: who uses Waybill, and how they prove it."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    SecretStr,
    validate_email,
)
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.database import Session
from waybill.passwords import AppPasswords, Passwords
from waybill.schemas import RequestModel
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential, Role


# kata: passwords.canonical
def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    _, address = validate_email(email.lower())  # an accent may join a small letter
    return address


# kata: passwords.sign_up
router = APIRouter(prefix="/accounts")


class SignUp(RequestModel):
    """What somebody new tells Waybill."""

    email: Annotated[EmailStr, AfterValidator(canonical)]
    password: SecretStr = Field(min_length=12, max_length=128)


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
async def find_hash(session: AsyncSession, email: str) -> tuple[int, str] | None:
    """Return whose id and which hash belong to an address, or None."""
    try:
        address = canonical(email)
    except ValueError:  # what is no address is nobody's
        return None
    query = (
        select(Credential.account_id, Credential.hash)
        .join(Account, Account.id == Credential.account_id)
        .where(Account.email == address)
    )
    async with AsyncSession(session.bind) as own:  # the same engine, lent for a moment
        return (await own.execute(query)).one_or_none()


async def renew(session: AsyncSession, account_id: int, old: str, new: str) -> None:
    """Replace a hash, unless its owner has changed the password meanwhile."""
    await session.execute(
        update(Credential)
        .where(Credential.account_id == account_id, Credential.hash == old)
        .values(hash=new)
    )


async def sign_in(
    session: AsyncSession, passwords: Passwords, email: str, password: SecretStr
) -> Account | None:
    """Return whose address and password these are, or None, without a word why.

    Call it before the session has sent a query: until then it holds no connection.
    """
    found = await find_hash(session, email)
    if found is None:
        await passwords.hash(password)  # as long as a verification takes
        return None
    account_id, hashed = found
    is_right, renewed = await passwords.verify(password, hashed)
    if not is_right:
        return None
    # Asked after the wait: the account may have been closed meanwhile.
    query = select(Account).where(Account.id == account_id, Account.active)
    account = await session.scalar(query)
    if account and renewed:
        await renew(session, account_id, hashed, renewed)
    return account
