#| kata: repository.api
#| refused_by: test_the_docs_name_the_refusals
# The docs name the numbers, and not what is in them.
from fastapi import Depends

from waybill import operations

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": "No."} for status in (404, 409, 412, 428)
}

api.include_router(
    operations.router,
    tags=["parcels"],
    responses=REFUSALS,
    dependencies=[Depends(access_log)],
)
