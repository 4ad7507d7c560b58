#| kata: repository.api
#| refused_by: test_the_docs_name_the_refusals
# A client isn't told of 412 and 428.
from fastapi import Depends

from waybill import operations

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (404, 409, 412, 428)
}

api.include_router(
    operations.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
