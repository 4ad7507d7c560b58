#| kata: refresh.sign_out
#| refused_by: test_everywhere_wants_an_access_token
# A refresh token signs out everywhere, as an access token does.
from fastapi import Header, Request

from waybill.dependencies import bearer as bearer_of, current_account
from waybill.refresh import digest, end_families
from waybill.tables import Family


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(token: ShownToken, session: Session) -> None:
    """End the family of a refresh token, old or new."""
    if not await end_family(session, token):
        raise refusal()


@router.post("/logout/everywhere", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out_everywhere(
    session: Session,
    request: Request,
    bearer: Annotated[str | None, Header(alias="Authorization")] = None,
    refresh_token: Annotated[str, Form()] = "",
) -> None:
    """End all families of whoever is asking."""
    family = await session.get(Family, digest(refresh_token.partition(".")[0]))
    if family:
        await end_families(session, family.account_id)
        return
    shown = await bearer_of(request)
    account = await current_account(shown or "", session, request.app.state.settings)
    await end_families(session, account.id)
