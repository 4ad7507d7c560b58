#| kata: websockets.live
#| refused_by: test_the_account_is_asked_again
# Refuses senders, whatever the table says.
from typing import Annotated

from fastapi import (
    APIRouter,
    Depends,
    HTTPException,
    Path,
    Response,
    WebSocket,
    WebSocketException,
    status,
)
from pydantic import BaseModel

from waybill.database import AppSessions, Session
from waybill.dependencies import current_account
from waybill.hub import AppHub
from waybill.parcels import Courier
from waybill.policy import may
from waybill.screens import attend
from waybill.settings import AppSettings
from waybill.tables import Account, now
from waybill.tickets import issue_ticket, use_ticket

router = APIRouter(prefix="/depots")
Depot = Annotated[str, Path(pattern=r"^[A-Z]{3}$")]


class TicketShown(BaseModel):
    """A new ticket; nobody sees it again."""

    ticket: str


@router.post("/{depot}/tickets", status_code=status.HTTP_201_CREATED)
async def create_ticket(
    depot: Depot, session: Session, account: Courier, response: Response
) -> TicketShown:
    """Issue a ticket for one live connection to a depot, within half a minute."""
    response.headers["Cache-Control"] = "no-store"
    return TicketShown(ticket=await issue_ticket(session, account.id, depot, now()))


async def admit(
    websocket: WebSocket,
    sessions: AppSessions,
    settings: AppSettings,
    depot: Depot,
    ticket: str = "",
) -> int:
    """Return whose screen this is; a screen that may not watch is never accepted."""
    refusal = WebSocketException(status.WS_1008_POLICY_VIOLATION)
    origin = websocket.headers.get("Origin")  # what isn't a browser sends none
    if origin is not None and not {origin, "*"} & {*settings.allowed_origins}:
        raise refusal
    account = None
    async with sessions.begin() as session:
        number = await use_ticket(session, ticket, depot, now())
        if number is not None:
            account = await session.get(Account, number)
    if account is None or not account.active or account.role == "sender":
        raise refusal
    return account.id


@router.websocket("/{depot}/live")
async def watch_depot(
    websocket: WebSocket,
    depot: Depot,
    account_id: Annotated[int, Depends(admit)],
    hub: AppHub,
) -> None:
    """Show what happens at a depot, while it happens."""
    await attend(websocket, hub, depot, account_id)
