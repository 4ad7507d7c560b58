#| kata: repository.withdraw
#| refused_by: test_a_parcel_goes_with_its_changes
# A dispatcher's change of the parcel is still there, and the DELETE ends in a 500.
from fastapi import HTTPException, status
from sqlalchemy import delete

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.parcels import OwnParcel
from waybill.store import OnItsWayError, StaleError, claim, refuse_scanned
from waybill.tables import Change, Parcel


@router.delete("/parcels/{parcel_id}", status_code=status.HTTP_204_NO_CONTENT)
async def withdraw_parcel(
    parcel: OwnParcel, seen: SeenVersion, session: Session, account: CurrentAccount
) -> None:
    """Take back one of your parcels, if no courier has scanned it."""
    try:
        await claim(session, parcel, account, seen)
        await refuse_scanned(session, parcel)
    except StaleError:
        raise HTTPException(412, "The parcel was changed.") from None
    except OnItsWayError:
        raise HTTPException(409, "The parcel is on its way.") from None
    await session.execute(delete(Change).where(
            Change.parcel_id == parcel.id, Change.account_id == account.id
        ))
    await session.execute(delete(Parcel).where(Parcel.id == parcel.id))
