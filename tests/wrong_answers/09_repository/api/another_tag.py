#| kata: repository.api
#| refused_by: test_they_are_among_the_parcels
# The docs have a group for them alone.
from fastapi import Depends

from waybill import operations

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (404, 409, 412, 428)
}

api.include_router(
    operations.router,
    tags=["operations"],
    responses=REFUSALS,
    dependencies=[Depends(access_log)],
)
