#| kata: websockets.tickets
#| refused_by: test_old_ones_are_forgotten
# Forgets all old ones at once: one request waits for it.
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.refresh import digest
from waybill.tables import Ticket

GOOD_FOR = timedelta(seconds=30)
"""How long a ticket waits for its connection."""


async def forget_old(session: AsyncSession, at: datetime) -> None:
    """Forget two tickets that nobody has used in time, so that they don't pile up."""
    over = select(Ticket.digest).where(Ticket.expires_at <= at)
    taken = over.with_for_update(skip_locked=True)  # by nobody else at this moment
    await session.execute(delete(Ticket).where(Ticket.digest.in_(taken)))


async def issue_ticket(
    session: AsyncSession, account_id: int, depot: str, at: datetime
) -> str:
    """Return a new ticket for one live connection to a depot."""
    await forget_old(session, at)
    ticket = secrets.token_urlsafe(32)
    session.add(
        Ticket(
            digest=digest(ticket),
            account_id=account_id,
            depot=depot,
            expires_at=at + GOOD_FOR,
        )
    )
    return ticket


async def use_ticket(
    session: AsyncSession, ticket: str, depot: str, at: datetime
) -> int | None:
    """Use a ticket up, and return whose it was; None if it isn't good."""
    used = (
        delete(Ticket)
        .where(
            Ticket.digest == digest(ticket),
            Ticket.depot == depot,
            Ticket.expires_at > at,
        )
        .returning(Ticket.account_id)
    )
    return await session.scalar(used)
