#| kata: repository.withdraw
#| refused_by: test_other_errors_go_on
# A database that is broken looks like a parcel on its way.
from fastapi import HTTPException, status
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.parcels import OwnParcel
from waybill.store import StaleError, claim
from waybill.tables import Change, Parcel


@router.delete("/parcels/{parcel_id}", status_code=status.HTTP_204_NO_CONTENT)
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
    except Exception:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "The parcel is on its way."
        ) from None
