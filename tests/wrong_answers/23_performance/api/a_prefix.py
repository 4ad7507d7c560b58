#| kata: performance.api
#| refused_by: test_it_has_a_url
# A prefix that is there already.
from waybill import days

ROLE_NEEDED: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}
LOGGED = [Depends(access_log)]

api.include_router(
    days.router,
    prefix="/v1",
    tags=["parcels"],
    responses=ROLE_NEEDED,
    dependencies=LOGGED,
)
