#| kata: performance.api
#| refused_by: test_other_routes_stay
# All other routes are gone.
from waybill import days

ROLE_NEEDED: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}
LOGGED = [Depends(access_log)]

api.routes.clear()
api.include_router(
    days.router, tags=["parcels"], responses=ROLE_NEEDED, dependencies=LOGGED
)
