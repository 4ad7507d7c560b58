#| kata: permissions.policy
#| refused_by: test_a_role_without_a_line_is_refused
# A role that nobody wrote down is a KeyError.
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
    return action in MAY[account.role]


async def permitted(needed: SecurityScopes, account: CurrentAccount) -> Account:
    """Return who is asking, if they may do all that a route needs; else 403."""
    if not needed.scopes or not all(may(account, scope) for scope in needed.scopes):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Your role may not do this.")
    return account
