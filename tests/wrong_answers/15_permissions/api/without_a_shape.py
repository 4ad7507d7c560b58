#| kata: permissions.api
#| refused_by: test_the_docs_name_the_refusals
# The refusals have no shape.
from waybill import dispatch

GUARDED_BY_ROLE: dict[int | str, dict[str, Any]] = {
    status: {"description": "No."} for status in (401, 403, 404, 409)
}

api.include_router(
    dispatch.router,
    tags=["dispatch"],
    responses=GUARDED_BY_ROLE,
    dependencies=[Depends(access_log)],
)
api.include_router(dispatch.scanners, tags=["scanners"], responses=GUARDED_BY_ROLE)
