#| kata: permissions.api
#| refused_by: test_scanners_have_their_place
# The scanners have no URL.
from waybill import dispatch

GUARDED_BY_ROLE: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403, 404, 409)
}

api.include_router(
    dispatch.router,
    tags=["dispatch"],
    responses=GUARDED_BY_ROLE,
    dependencies=[Depends(access_log)],
)
_ = dispatch.scanners
