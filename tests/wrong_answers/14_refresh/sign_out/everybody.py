#| kata: refresh.sign_out
#| refused_by: test_everywhere_ends_all_of_one_account
# Signs everybody out.
from waybill.dependencies import CurrentAccount
from sqlalchemy import delete

from waybill.tables import Family


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(token: ShownToken, session: Session) -> None:
    """End the family of a refresh token, old or new."""
    if not await end_family(session, token):
        raise refusal()


@router.post("/logout/everywhere", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out_everywhere(account: CurrentAccount, session: Session) -> None:
    """End all families of whoever is asking."""
    await session.execute(delete(Family))
