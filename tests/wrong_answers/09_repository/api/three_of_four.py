#| kata: repository.api
#| refused_by: test_the_docs_name_the_refusals
# Without the version: 428 is missing.
from fastapi import Depends

from waybill import operations

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (404, 409, 412)
}

api.include_router(
    operations.router,
    tags=["parcels"],
    responses=REFUSALS,
    dependencies=[Depends(access_log)],
)
