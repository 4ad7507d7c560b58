#| kata: permissions.api
#| refused_by: test_the_docs_name_the_refusals
# No documented refusals.
from waybill import dispatch

GUARDED_BY_ROLE: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403, 404, 409)
}

api.include_router(
    dispatch.router,
    tags=["dispatch"],
    dependencies=[Depends(access_log)],
)
api.include_router(dispatch.scanners, tags=["scanners"], responses=GUARDED_BY_ROLE)
