#| kata: jwt.read_me
#| refused_by: test_it_is_whoever_is_asking
# The guide's path.
from waybill.accounts import AccountRead
from waybill.dependencies import CurrentAccount
from waybill.tables import Account


@router.get("/users/me", response_model=AccountRead)
async def read_me(account: CurrentAccount) -> Account:
    """Return the account of whoever is asking."""
    return account
