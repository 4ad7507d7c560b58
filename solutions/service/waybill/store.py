"""What Waybill does with its tables, whoever asks."""

import asyncio
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.database import Sessions
from waybill.repository import Changes, RefusedError
from waybill.schemas import ParcelUpdate, ScanCreate
from waybill.tables import Account, Change, Parcel, Role, Scan


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


# kata: repository.change_parcel
class StaleError(Exception):
    """The parcel has another version than the one that was seen."""


class OnItsWayError(Exception):
    """The parcel was scanned, so its sender can't change it any more."""


async def claim(session: AsyncSession, parcel: Parcel, by: Account, seen: int) -> int:
    """Take the version after the one that was seen, and return it."""
    changes = Changes(session)
    if await changes.version(parcel.id) != seen:
        raise StaleError
    number = seen + 1
    try:
        await changes.add(Change(parcel_id=parcel.id, number=number, account_id=by.id))
    except RefusedError:
        raise StaleError from None
    return number


async def refuse_scanned(session: AsyncSession, parcel: Parcel) -> None:
    """Let scanners wait for the commit; `OnItsWayError` if one was faster."""
    await session.get(Parcel, parcel.id, with_for_update={"key_share": True})
    scan = select(Scan.id).where(Scan.parcel_id == parcel.id).limit(1)
    if await session.scalar(scan) is not None:
        raise OnItsWayError


async def change_parcel(
    session: AsyncSession, parcel: Parcel, data: ParcelUpdate, by: Account, seen: int
) -> int:
    """Change what was sent, and return the new version; the caller commits."""
    version = await claim(session, parcel, by, seen)
    await refuse_scanned(session, parcel)
    for name, value in data.model_dump().items():  # without what is MISSING
        setattr(parcel, name, value)
    await session.flush()
    await session.refresh(parcel)  # as the database has it: 19.90, not 19.9
    return version
