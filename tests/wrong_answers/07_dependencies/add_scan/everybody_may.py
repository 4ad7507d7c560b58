#| kata: dependencies.add_scan
#| refused_by: test_a_sender_may_not
# The starting code: the role is compared with nothing.
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, status

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.schemas import ScanCreate
from waybill.tables import Account, Role, Scan


def require_role(*roles: Role) -> Callable[[CurrentAccount], Account]:
    """Make a dependency that lets only accounts with one of these roles pass."""

    def check(account: CurrentAccount) -> Account:
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
    scan = Scan(parcel_id=parcel_id, **data.model_dump())
    session.add(scan)
    await session.flush()
    return scan
