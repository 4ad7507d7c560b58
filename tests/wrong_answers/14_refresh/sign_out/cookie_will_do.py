#| kata: refresh.sign_out
#| refused_by: test_nobody_else_is_named
# A cookie signs out as well: a stranger's page may do so.
from fastapi import Cookie

from waybill.dependencies import CurrentAccount
from waybill.refresh import end_families


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(
    session: Session,
    form: Annotated[str, Form(alias="refresh_token")] = "",
    cookie: Annotated[str, Cookie(alias="refresh_token")] = "",
) -> None:
    """End the family of a refresh token, old or new."""
    if not await end_family(session, form or cookie):
        raise refusal()


@router.post("/logout/everywhere", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out_everywhere(account: CurrentAccount, session: Session) -> None:
    """End all families of whoever is asking."""
    await end_families(session, account.id)
