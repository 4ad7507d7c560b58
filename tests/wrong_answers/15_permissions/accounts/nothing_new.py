#| kata: permissions.accounts
#| refused_by: test_what_is_sent_changes
# Refuses a role that the account has already.
from pydantic import MISSING

from waybill.accounts import AccountRead

AccountId = ParcelId  # the same bounds


class AccountUpdate(RequestModel):
    """What may be changed of an account."""

    role: Role | MISSING = MISSING
    active: bool | MISSING = MISSING


class AccountState(AccountRead):
    """What dispatchers see of an account."""

    active: bool


@router.patch("/accounts/{account_id}", response_model=AccountState)
async def change_account(
    account_id: AccountId,
    data: AccountUpdate,
    session: Session,
    asking: Annotated[Account, Security(permitted, scopes=["accounts:change"])],
) -> Account:
    """Change somebody else's account."""
    if asking.id == account_id:
        raise HTTPException(status.HTTP_409_CONFLICT, "This account is your own.")
    account = await session.get(Account, account_id)
    if account is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such account.")
    if data.role is not MISSING and data.role is account.role:
        raise HTTPException(status.HTTP_409_CONFLICT, "It has this role.")
    for name, value in data.model_dump().items():
        setattr(account, name, value)
    return account
