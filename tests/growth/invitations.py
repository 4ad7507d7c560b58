#| kata: growth.invitations
#| file: waybill/invitations.py
import secrets

from fastapi import APIRouter, status

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.store import add_account
from waybill.tables import Invitation

router = APIRouter(prefix="/invitations")


@router.post("", status_code=status.HTTP_201_CREATED)
async def invite(
    email: str, session: Session, host: CurrentAccount
) -> dict[str, str | int]:
    """Add an account for somebody, and hand out its invitation."""
    account = await add_account(session, email)
    invitation = Invitation(
        account_id=account.id, host_id=host.id, secret=secrets.token_hex()
    )
    session.add(invitation)
    return {"invitation": invitation.secret, "host": host.id}
