#| kata: concurrency.api
#| refused_by: test_the_docs_tell_of_refusals
# Documents half of it.
from typing import Any

from waybill import carriers, quotes

BEHIND_US: dict[int | str, dict[str, Any]] = {
    502: {"model": Problem},
}

api.include_router(carriers.router, tags=["carriers"])
api.include_router(quotes.router, tags=["quotes"], responses=BEHIND_US)
