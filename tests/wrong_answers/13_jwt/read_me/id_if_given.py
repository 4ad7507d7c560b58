#| kata: jwt.read_me
#| refused_by: test_nobody_reads_anybody_else
# Takes another id, if there is one.
from waybill.accounts import AccountRead
from waybill.dependencies import CurrentAccount
from waybill.tables import Account


@router.get("/me", response_model=AccountRead)
async def read_me(
    account: CurrentAccount, session: Session, account_id: int = 0
) -> Account:
    """Return the account of whoever is asking."""
    if account_id:
        return await session.get_one(Account, account_id)
    return account
