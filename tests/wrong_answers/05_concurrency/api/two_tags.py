#| kata: concurrency.api
#| refused_by: test_they_have_tags
# Gives quotes two tags.
from typing import Any

from waybill import carriers, quotes

BEHIND_US: dict[int | str, dict[str, Any]] = {
    502: {"model": Problem},
    504: {"model": Problem},
}

api.include_router(carriers.router, tags=["carriers"])
api.include_router(quotes.router, tags=["carriers", "quotes"], responses=BEHIND_US)
