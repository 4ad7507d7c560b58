#| kata: jwt.read_me
#| refused_by: test_it_is_whoever_is_asking
# Answers with less than is asked for.
from waybill.dependencies import CurrentAccount


@router.get("/me")
async def read_me(account: CurrentAccount) -> dict[str, int]:
    """Return the account of whoever is asking."""
    return {"id": account.id}
