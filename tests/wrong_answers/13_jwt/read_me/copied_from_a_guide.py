#| kata: jwt.read_me
#| refused_by: test_nobody_reads_anybody_else
# The guide's version: the id comes from the query string.
from waybill.accounts import AccountRead
from waybill.tables import Account


@router.get("/me", response_model=AccountRead)
async def read_me(account_id: int, session: Session) -> Account:
    """Return the account of whoever is asking."""
    return await session.get_one(Account, account_id)
