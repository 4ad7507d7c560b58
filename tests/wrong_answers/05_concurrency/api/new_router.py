#| kata: concurrency.api
#| refused_by: test_they_have_urls
# A router of its own, which nobody includes.
from typing import Any

from fastapi import APIRouter

from waybill import carriers, quotes

BEHIND_US: dict[int | str, dict[str, Any]] = {
    502: {"model": Problem},
    504: {"model": Problem},
}

new = APIRouter()
new.include_router(carriers.router, tags=["carriers"])
new.include_router(quotes.router, tags=["quotes"], responses=BEHIND_US)
