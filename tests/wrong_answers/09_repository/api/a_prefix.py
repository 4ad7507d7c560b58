#| kata: repository.api
#| refused_by: test_they_stand_below_v1
# They stand below /v1/operations.
from fastapi import Depends

from waybill import operations

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (404, 409, 412, 428)
}

api.include_router(
    operations.router,
    prefix="/operations",
    tags=["parcels"],
    responses=REFUSALS,
    dependencies=[Depends(access_log)],
)
