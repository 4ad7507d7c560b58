#| kata: permissions.accounts
#| refused_by: test_nobody_else_changes_an_account
# Your own account is an exception.
from pydantic import MISSING

from waybill.accounts import AccountRead
from waybill.dependencies import CurrentAccount

AccountId = ParcelId  # the same bounds


class AccountUpdate(RequestModel):
    """What a dispatcher may change of an account; what is left out stays as it is."""

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
    asking: CurrentAccount,
) -> Account:
    """Change what somebody may do, or close an account; it counts at once."""
    if account_id != asking.id and asking.role is not Role.DISPATCHER:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "This account isn't yours.")
    account = await session.get(Account, account_id)
    if account is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such account.")
    for name, value in data.model_dump().items():  # without what is MISSING
        setattr(account, name, value)
    return account
