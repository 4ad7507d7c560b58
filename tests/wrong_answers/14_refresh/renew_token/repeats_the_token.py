#| kata: refresh.renew_token
#| refused_by: test_each_refusal_is_the_same
# Repeats what came in.
from fastapi import Form

from waybill.database import AppSessions
from waybill.refresh import end_family, rotate


def refusal() -> HTTPException:
    """Make the answer to a refresh token that is no good, whatever is wrong with it."""
    return HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Sign in again.",
        {"WWW-Authenticate": "Bearer"},
    )


async def shown_token(refresh_token: Annotated[str, Form()] = "") -> str:
    """Return the refresh token that a form holds; 401 without one."""
    if not refresh_token:
        raise refusal()
    return refresh_token


ShownToken = Annotated[str, Depends(shown_token)]


@router.post("/token/refresh")
async def renew_token(
    token: ShownToken, sessions: AppSessions, settings: AppSettings, response: Response
) -> Token:
    """Exchange a refresh token for two new ones; one that was used ends its family."""
    at = now()
    async with sessions.begin() as session:
        found = await rotate(session, token, at)
        if found is None:
            await end_family(session, token)
    if found is None:
        error = refusal()
        error.detail += token
        raise error
    account_id, following = found
    response.headers["Cache-Control"] = "no-store"
    return Token(
        access_token=issue_token(account_id, settings.secret_key, at),
        expires_in=int(LIFETIME.total_seconds()),
        refresh_token=following,
    )
