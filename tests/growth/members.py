#| kata: growth.members
#| file: waybill/members.py
import secrets

from fastapi import APIRouter, status

from waybill.database import Session
from waybill.store import add_account
from waybill.tables import Ticket

router = APIRouter(prefix="/members")


@router.post("", status_code=status.HTTP_201_CREATED)
async def join(email: str, session: Session) -> dict[str, str]:
    """Add an account and hand out its ticket."""
    account = await add_account(session, email)
    ticket = Ticket(account_id=account.id, secret=secrets.token_hex())
    session.add(ticket)
    return {"ticket": ticket.secret}
