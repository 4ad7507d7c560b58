#| kata: refresh.sign_out
#| refused_by: test_an_older_token_will_do
# Only the newest token may leave.
from waybill.dependencies import CurrentAccount
from waybill.refresh import end_families, rotate


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(token: ShownToken, session: Session) -> None:
    """End the family of a refresh token, old or new."""
    found = await rotate(session, token, now())
    if found is None:
        raise refusal()
    await end_family(session, found[1])


@router.post("/logout/everywhere", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out_everywhere(account: CurrentAccount, session: Session) -> None:
    """End all families of whoever is asking."""
    await end_families(session, account.id)
