#| kata: repository.withdraw
#| refused_by: test_a_parcel_goes_with_its_changes
# The answer is a 200 with null.
from fastapi import HTTPException, status
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.parcels import OwnParcel
from waybill.store import StaleError, claim
from waybill.tables import Change, Parcel


@router.delete("/parcels/{parcel_id}", status_code=200)
async def withdraw_parcel(
    parcel: OwnParcel, seen: SeenVersion, session: Session, account: CurrentAccount
) -> None:
    """Take back one of your parcels, if no courier has scanned it."""
    try:
        await claim(session, parcel, account, seen)
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
