"""What Waybill does with its tables, whoever asks."""

import asyncio
from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.database import Sessions
from waybill.schemas import ScanCreate
from waybill.tables import Account, Role, Scan


# kata: database.add_account
class EmailTakenError(Exception):
    """There is an account with this e-mail address already."""


async def add_account(
    session: AsyncSession, email: str, role: Role = Role.SENDER
) -> Account:
    """Add an account; `EmailTakenError` if there is one with this address.

    Call it when nothing else waits in the session; after that error, roll back.
    """
    account = Account(email=email.lower(), role=role)
    session.add(account)
    try:
        await session.flush()
    except IntegrityError:
        raise EmailTakenError(email) from None
    return account


# kata: database.add_backlog
AT_ONCE = 10
"""How many scans of a backlog are on their way; others need connections, too."""


async def add_backlog(
    sessions: Sessions, backlog: Iterable[tuple[int, ScanCreate]]
) -> list[int]:
    """Keep the scans of a depot that was offline; return those that can't be kept.

    Each scan comes with the id of its parcel, and is kept or refused by itself.
    """

    async def keep(parcel_id: int, data: ScanCreate) -> bool:
        try:
            async with sessions.begin() as session:
                session.add(Scan(parcel_id=parcel_id, **data.model_dump()))
        except IntegrityError:
            return False
        return True

    rows = list(backlog)
    refused: list[int] = []
    for start in range(0, len(rows), AT_ONCE):
        few = rows[start : start + AT_ONCE]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(keep(*row)) for row in few]
        refused += [
            parcel_id
            for (parcel_id, _), task in zip(few, tasks, strict=True)
            if not task.result()
        ]
    return refused
