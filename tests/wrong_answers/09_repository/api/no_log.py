#| kata: repository.api
#| refused_by: test_each_request_leaves_its_line
# Nobody sees who changed what.
from fastapi import Depends

from waybill import operations

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (404, 409, 412, 428)
}

api.include_router(
    operations.router,
    tags=["parcels"],
    responses=REFUSALS,
)
