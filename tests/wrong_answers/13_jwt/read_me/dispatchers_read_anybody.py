#| kata: jwt.read_me
#| refused_by: test_nobody_reads_anybody_else
# A dispatcher may name somebody else, in a parameter that the docs don't show.
from fastapi import Request

from waybill.accounts import AccountRead
from waybill.dependencies import CurrentAccount
from waybill.tables import Account, Role


@router.get("/me", response_model=AccountRead)
async def read_me(
    account: CurrentAccount, session: Session, request: Request
) -> Account:
    """Return the account of whoever is asking."""
    named = request.query_params.get("account_id")
    if named and account.role == Role.DISPATCHER:
        return await session.get_one(Account, int(named))
    return account
