#| kata: performance.api
#| refused_by: test_it_has_a_url
# Nothing is included.
from waybill import days

ROLE_NEEDED: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}
LOGGED = [Depends(access_log)]

# Give the router of `days.py` to `api`.
