#| kata: websockets.api
#| refused_by: test_both_have_urls
# Nothing is included.
from waybill import live

GUARDED_BY_TICKET: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 403)
}

# Give the router of `live.py` to `api`.
