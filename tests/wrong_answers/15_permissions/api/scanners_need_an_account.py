#| kata: permissions.api
#| refused_by: test_scanners_have_their_place
# The scanners have no account, and the log wants one.
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
api.include_router(
    dispatch.scanners, tags=["scanners"], dependencies=[Depends(access_log)]
)
