#| kata: jwt.read_me
#| refused_by: test_it_takes_no_parameter
# Takes an id that the docs don't show, if it is one's own.
from fastapi import HTTPException, Query

from waybill.accounts import AccountRead
from waybill.dependencies import CurrentAccount
from waybill.tables import Account


@router.get("/me", response_model=AccountRead)
async def read_me(
    account: CurrentAccount,
    account_id: Annotated[int | None, Query(include_in_schema=False)] = None,
) -> Account:
    """Return the account of whoever is asking."""
    if account_id not in (None, account.id):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Not yours.")
    return account
