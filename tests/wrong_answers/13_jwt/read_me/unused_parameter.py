#| kata: jwt.read_me
#| refused_by: test_it_takes_no_parameter
# Takes an id, compares it, and makes clients send it.
from waybill.accounts import AccountRead
from waybill.dependencies import CurrentAccount
from waybill.tables import Account


@router.get("/me", response_model=AccountRead)
async def read_me(account: CurrentAccount, account_id: int | None = None) -> Account:
    """Return the account of whoever is asking."""
    if account_id not in (None, account.id):
        raise HTTPException(403)
    return account
