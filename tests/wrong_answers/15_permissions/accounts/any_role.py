#| kata: permissions.accounts
#| refused_by: test_everything_else_is_refused
# A role is any text.
from pydantic import MISSING

from waybill.accounts import AccountRead

AccountId = ParcelId  # the same bounds


class AccountUpdate(RequestModel):
    """What a dispatcher may change of an account; what is left out stays as it is."""

    role: str | MISSING = MISSING
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
    """Change what somebody may do, or close an account; it counts at once."""
    if account_id == asking.id:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "Let another dispatcher change your account."
        )
    account = await session.get(Account, account_id)
    if account is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such account.")
    for name, value in data.model_dump().items():  # without what is MISSING
        setattr(account, name, value)
    account.role = account.role if account.role in [*Role] else Role.SENDER
    return account
