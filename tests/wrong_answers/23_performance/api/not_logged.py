#| kata: performance.api
#| refused_by: test_it_is_logged
# Nobody is told.
from waybill import days

ROLE_NEEDED: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}
LOGGED = [Depends(access_log)]

api.include_router(days.router, tags=["parcels"], responses=ROLE_NEEDED)
