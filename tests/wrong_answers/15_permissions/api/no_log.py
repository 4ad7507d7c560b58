#| kata: permissions.api
#| refused_by: test_each_request_leaves_its_line
# Nobody notes what dispatchers do.
from waybill import dispatch

GUARDED_BY_ROLE: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403, 404, 409)
}

api.include_router(
    dispatch.router,
    tags=["dispatch"],
    responses=GUARDED_BY_ROLE,
)
api.include_router(dispatch.scanners, tags=["scanners"], responses=GUARDED_BY_ROLE)
