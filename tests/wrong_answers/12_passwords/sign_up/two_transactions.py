#| kata: passwords.sign_up
#| refused_by: test_both_or_neither
# Commits the account, then adds what it proves itself with.
from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import Field, SecretStr

from waybill.database import AppSessions
from waybill.passwords import AppPasswords
from waybill.store import EmailTakenError, add_account
from waybill.tables import Credential

router = APIRouter(prefix="/accounts")

NewPassword = Annotated[SecretStr, Field(min_length=12, max_length=128)]


@router.post("", status_code=201)
async def sign_up(
    data: SignUp, sessions: AppSessions, passwords: AppPasswords
) -> AccountRead:
    """Open an account; it comes with its credential or not at all."""
    credential = Credential(hash=await passwords.hash(data.password))
    try:
        async with sessions.begin() as session:
            account = await add_account(session, data.email)
    except EmailTakenError as taken:
        raise HTTPException(409, f"{taken} has an account.") from taken
    credential.account_id = account.id
    async with sessions.begin() as session:
        session.add(credential)
    return AccountRead.model_validate(account)
