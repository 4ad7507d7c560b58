#| kata: jwt.read_me
#| refused_by: test_nobody_reads_anybody_else
# A cookie says whose account it is.
from fastapi import Request

from waybill.accounts import AccountRead
from waybill.dependencies import CurrentAccount
from waybill.tables import Account


@router.get("/me", response_model=AccountRead)
async def read_me(account: CurrentAccount, request: Request, session: Session) -> Account:
    """Return the account of whoever is asking."""
    asked = request.cookies.get("account_id")
    return await session.get_one(Account, int(asked)) if asked else account
