#| kata: refresh.sign_out
#| refused_by: test_one_family_ends
# Whoever is signed out by time can't sign out.
from waybill.dependencies import CurrentAccount
from waybill.refresh import end_families


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(
    token: ShownToken, _account: CurrentAccount, session: Session
) -> None:
    """End the family of a refresh token, old or new."""
    if not await end_family(session, token):
        raise refusal()


@router.post("/logout/everywhere", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out_everywhere(account: CurrentAccount, session: Session) -> None:
    """End all families of whoever is asking."""
    await end_families(session, account.id)
