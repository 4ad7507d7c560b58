#| kata: concurrency.api
#| refused_by: test_they_have_urls
# Includes the quotes alone.
from typing import Any

from waybill import carriers, quotes

BEHIND_US: dict[int | str, dict[str, Any]] = {
    502: {"model": Problem},
    504: {"model": Problem},
}


api.include_router(quotes.router, tags=["quotes"], responses=BEHIND_US)
