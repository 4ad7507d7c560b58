#| kata: repository.api
#| refused_by: test_each_request_leaves_its_line
# It asks who it is, and writes nothing down.
from fastapi import Depends

from waybill import operations
from waybill.dependencies import current_account

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (404, 409, 412, 428)
}

api.include_router(
    operations.router,
    tags=["parcels"],
    responses=REFUSALS,
    dependencies=[Depends(current_account)],
)
