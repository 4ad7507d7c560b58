#| kata: jwt.read_me
#| refused_by: test_it_is_whoever_is_asking
# A dictionary of its own, with what is inside.
from typing import Any

from waybill.dependencies import CurrentAccount


@router.get("/me")
async def read_me(account: CurrentAccount) -> dict[str, Any]:
    """Return the account of whoever is asking."""
    return {
        "id": account.id,
        "email": account.email,
        "role": account.role,
        "active": account.active,
    }
