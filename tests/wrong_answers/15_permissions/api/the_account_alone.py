#| kata: permissions.api
#| refused_by: test_each_request_leaves_its_line
# It asks who it is, and notes nothing.
from waybill import dispatch
from waybill.dependencies import current_account

GUARDED_BY_ROLE: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403, 404, 409)
}

api.include_router(
    dispatch.router,
    tags=["dispatch"],
    responses=GUARDED_BY_ROLE,
    dependencies=[Depends(current_account)],
)
api.include_router(dispatch.scanners, tags=["scanners"], responses=GUARDED_BY_ROLE)
