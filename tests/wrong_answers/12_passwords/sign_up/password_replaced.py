#| kata: passwords.sign_up
#| refused_by: test_a_taken_address_is_409
# Whoever knows an address may set its password by signing up again.

from fastapi import APIRouter, HTTPException, status
from sqlalchemy import select, update

from waybill.database import Session
from waybill.passwords import AppPasswords
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Credential

router = APIRouter(prefix="/accounts")


@router.post("", status_code=status.HTTP_201_CREATED, response_model=AccountRead)
async def sign_up(data: SignUp, session: Session, passwords: AppPasswords) -> Account:
    """Open an account; it comes with its credential or not at all."""
    hashed = await passwords.hash(data.password)  # before a connection is taken
    try:
        account = await add_account(session, data.email)
    except EmailTakenError:
        await session.rollback()
        async with session.bind.begin() as own:
            whose = select(Account.id).where(Account.email == data.email)
            await own.execute(
                update(Credential)
                .where(Credential.account_id == whose.scalar_subquery())
                .values(hash=hashed)
            )
        raise HTTPException(409, "There is an account with this address.") from None
    session.add(Credential(account_id=account.id, hash=hashed))
    return account
