#| kata: permissions.api
#| refused_by: test_they_stand_below_v1
# A prefix too many.
from waybill import dispatch

GUARDED_BY_ROLE: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403, 404, 409)
}

api.include_router(
    dispatch.router,
    tags=["dispatch"],
    prefix="/dispatch",
    responses=GUARDED_BY_ROLE,
    dependencies=[Depends(access_log)],
)
api.include_router(dispatch.scanners, tags=["scanners"], responses=GUARDED_BY_ROLE)
