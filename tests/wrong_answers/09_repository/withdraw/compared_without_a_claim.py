#| kata: repository.withdraw
#| refused_by: test_a_faster_change_is_noticed
# It compares, and takes no version.
from fastapi import HTTPException, status
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from waybill.database import Session
from waybill.parcels import OwnParcel
from waybill.repository import Changes
from waybill.store import StaleError
from waybill.tables import Change, Parcel


@router.delete("/parcels/{parcel_id}", status_code=status.HTTP_204_NO_CONTENT)
async def withdraw_parcel(
    parcel: OwnParcel, seen: SeenVersion, session: Session
) -> None:
    """Take back one of your parcels, if no courier has scanned it."""
    try:
        if await Changes(session).version(parcel.id) != seen:
            raise StaleError
        await session.execute(delete(Change).where(Change.parcel_id == parcel.id))
        await session.execute(delete(Parcel).where(Parcel.id == parcel.id))
    except StaleError:
        raise HTTPException(
            status.HTTP_412_PRECONDITION_FAILED,
            "The parcel was changed. Read it again.",
        ) from None
    except IntegrityError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "The parcel is on its way."
        ) from None
