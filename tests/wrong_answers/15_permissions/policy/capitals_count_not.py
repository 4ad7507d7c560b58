#| kata: permissions.policy
#| refused_by: test_an_unknown_action_is_refused
# Another spelling of an action is the same one.
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
    return action.lower() in MAY.get(account.role, set())


async def permitted(needed: SecurityScopes, account: CurrentAccount) -> Account:
    """Return who is asking, if they may do all that a route needs; else 403."""
    if not needed.scopes or not all(may(account, scope) for scope in needed.scopes):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Your role may not do this.")
    return account
