#| kata: refresh.sign_out
#| refused_by: test_one_family_ends
# Signs the laptop out together with the phone.
from waybill.dependencies import CurrentAccount
from waybill.refresh import digest, end_families
from waybill.tables import Family


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(token: ShownToken, session: Session) -> None:
    """End the family of a refresh token, old or new."""
    family = await session.get(Family, digest(token.partition(".")[0]))
    if family is None:
        raise refusal()
    await end_families(session, family.account_id)


@router.post("/logout/everywhere", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out_everywhere(account: CurrentAccount, session: Session) -> None:
    """End all families of whoever is asking."""
    await end_families(session, account.id)
