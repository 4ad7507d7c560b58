#| kata: dependencies.add_scan
#| refused_by: test_another_database_has_other_words
# It knows a refusal by SQLite's words, and PostgreSQL has others.
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, HTTPException, status
from sqlalchemy.exc import IntegrityError

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.schemas import ScanCreate
from waybill.tables import Account, Parcel, Role, Scan


def require_role(*roles: Role) -> Callable[[CurrentAccount], Awaitable[Account]]:
    """Make a dependency that lets only accounts with one of these roles pass."""

    async def check(account: CurrentAccount) -> Account:
        if account.role not in roles:
            raise HTTPException(status.HTTP_403_FORBIDDEN, "This is not for you.")
        return account

    return check


Courier = Annotated[Account, Depends(require_role(Role.COURIER, Role.DISPATCHER))]


@router.post(
    "/{parcel_id}/scans",
    status_code=status.HTTP_201_CREATED,
    response_model=ScanRead,
)
async def add_scan(
    parcel_id: ParcelId, data: ScanCreate, session: Session, _courier: Courier
) -> Scan:
    """Note what happened to a parcel; couriers and dispatchers may."""
    # Its row stays locked until the commit: scans of one parcel come one by one.
    parcel = await session.get(Parcel, parcel_id, with_for_update={"key_share": True})
    if parcel is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such parcel.")
    scan = Scan(parcel_id=parcel_id, **data.model_dump())
    session.add(scan)
    try:
        await session.flush()
    except IntegrityError as error:
        if "UNIQUE constraint" not in str(error.orig):
            raise
        raise HTTPException(status.HTTP_409_CONFLICT, "It is known.") from None
    return scan
