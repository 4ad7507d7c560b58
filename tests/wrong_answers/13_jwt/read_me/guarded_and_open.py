#| kata: jwt.read_me
#| refused_by: test_nobody_reads_anybody_else
# Asks for a token, and believes the query string.
from waybill.accounts import AccountRead
from waybill.dependencies import CurrentAccount
from waybill.tables import Account


@router.get("/me", response_model=AccountRead)
async def read_me(
    account_id: int, session: Session, _account: CurrentAccount
) -> Account:
    """Return the account of whoever is asking."""
    return await session.get_one(Account, account_id)
