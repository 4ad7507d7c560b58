#| kata: requests.rate_list
#| refused_by: test_the_docs_promise_rates
# The docs promise one rate, and a response of its own sends a page of them.
from typing import Annotated

from fastapi import Query
from fastapi.responses import JSONResponse


@router.get("", response_model=Rate)
async def list_rates(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> JSONResponse:
    """Return the rates by country, a page at a time."""
    rates = sorted(RATES.values(), key=lambda rate: rate.country)
    page = rates[offset : offset + limit]
    return JSONResponse([rate.model_dump(mode="json") for rate in page])
