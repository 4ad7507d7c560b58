#| kata: concurrency.api
#| refused_by: test_the_docs_tell_of_refusals
# Says nothing of the body.
from typing import Any

from waybill import carriers, quotes

BEHIND_US: dict[int | str, dict[str, Any]] = {
    502: {"description": "A carrier is missing."},
    504: {"description": "A carrier is missing."},
}

api.include_router(carriers.router, tags=["carriers"])
api.include_router(quotes.router, tags=["quotes"], responses=BEHIND_US)
