#| kata: jwt.read_me
#| refused_by: test_nobody_reads_anybody_else
# An e-mail in the query string is no better than an id.
from sqlalchemy import select

from waybill.accounts import AccountRead
from waybill.tables import Account


@router.get("/me", response_model=AccountRead)
async def read_me(email: str, session: Session) -> Account:
    """Return the account of whoever is asking."""
    query = select(Account).where(Account.email == email)
    return (await session.scalars(query)).one()
