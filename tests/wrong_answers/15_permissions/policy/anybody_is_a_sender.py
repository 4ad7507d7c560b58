#| kata: permissions.policy
#| refused_by: test_nobody_gets_a_401
# Whoever isn't signed in is refused as a sender would be.
from fastapi import HTTPException, status
from fastapi.requests import HTTPConnection
from fastapi.security import SecurityScopes

from waybill.database import Session
from waybill.dependencies import current_account
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


async def permitted(
    needed: SecurityScopes, connection: HTTPConnection, session: Session
) -> Account:
    """Return who is asking, if they may do all that a route needs; else 403."""
    ask = connection.app.dependency_overrides.get(current_account, current_account)
    try:
        account = await ask(session)
    except HTTPException:
        account = Account(role=Role.SENDER)
    if not needed.scopes or not all(may(account, scope) for scope in needed.scopes):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Your role may not do this.")
    return account
