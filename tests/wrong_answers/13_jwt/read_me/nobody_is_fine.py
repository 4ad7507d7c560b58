#| kata: jwt.read_me
#| refused_by: test_without_a_token_it_is_401
# Answers 403 to whoever shows no token.
from fastapi import Request

from waybill.accounts import AccountRead
from waybill.tables import Account
from waybill.tokens import read_token


@router.get("/me", response_model=AccountRead)
async def read_me(request: Request, session: Session, settings: AppSettings) -> Account:
    """Return the account of whoever is asking."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token:
        raise HTTPException(status.HTTP_403_FORBIDDEN)
    return await session.get_one(Account, read_token(token, settings.secret_key))
