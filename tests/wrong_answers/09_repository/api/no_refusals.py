#| kata: repository.api
#| refused_by: test_the_docs_name_the_refusals
# The docs name no refusal.
from fastapi import Depends

from waybill import operations

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (404, 409, 412, 428)
}

api.include_router(
    operations.router,
    tags=["parcels"],
    dependencies=[Depends(access_log)],
)
