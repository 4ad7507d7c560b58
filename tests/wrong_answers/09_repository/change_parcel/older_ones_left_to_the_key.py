#| kata: repository.change_parcel
#| refused_by: test_another_version_is_stale
# The key notices an older version only as long as its next number is taken.
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.repository import Changes, RefusedError
from waybill.schemas import ParcelUpdate
from waybill.tables import Account, Change, Parcel, Scan


class StaleError(Exception):
    """The parcel has another version than the one that was seen."""


class OnItsWayError(Exception):
    """The parcel was scanned, so its sender can't change it any more."""


async def claim(session: AsyncSession, parcel: Parcel, by: Account, seen: int) -> int:
    """Take the version after the one that was seen, and return it."""
    changes = Changes(session)
    if await changes.version(parcel.id) < seen:
        raise StaleError
    change = Change(parcel_id=parcel.id, number=seen + 1, account_id=by.id)
    try:
        await changes.add(change)
    except RefusedError as error:
        raise StaleError from error
    return seen + 1


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
