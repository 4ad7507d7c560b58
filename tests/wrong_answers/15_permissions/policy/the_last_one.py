#| kata: permissions.policy
#| refused_by: test_who_may_not_is_refused
# Only the last scope is looked at.
from fastapi import HTTPException, status
from fastapi.security import SecurityScopes

from waybill.dependencies import CurrentAccount
from waybill.tables import Account, Role

MAY: dict[Role, set[str]] = {
    Role.SENDER: set(),
    Role.COURIER: {"parcels:list", "scans:read", "scans:add"},
    Role.DISPATCHER: {
        "parcels:list",
        "parcels:any",
        "parcels:assign",
        "scans:read",
        "scans:add",
        "accounts:change",
        "keys:change",
    },
}
"""What a role may do; your own account and parcels need no line."""


def may(account: Account, action: str) -> bool:
    """Tell whether somebody may do something."""
    return action in MAY.get(account.role, set())


async def permitted(needed: SecurityScopes, account: CurrentAccount) -> Account:
    """Return who is asking, if they may do all that a route needs; else 403."""
    if not needed.scopes or not may(account, needed.scopes[-1]):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Your role may not do this.")
    return account
