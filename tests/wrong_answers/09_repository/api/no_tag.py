#| kata: repository.api
#| refused_by: test_they_are_among_the_parcels
# The docs show them last, below no heading.
from fastapi import Depends

from waybill import operations

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (404, 409, 412, 428)
}

api.include_router(
    operations.router,
    responses=REFUSALS,
    dependencies=[Depends(access_log)],
)
