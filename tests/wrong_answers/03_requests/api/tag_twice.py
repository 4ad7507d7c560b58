#| kata: requests.api
#| refused_by: test_rates_have_their_tag
# Two tags list each operation twice.
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from waybill import rates


class Problem(BaseModel):
    """What a client reads when a request is refused."""

    detail: str


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem}}

api = APIRouter(prefix="/v1")
api.include_router(rates.router, tags=["v1", "rates"], responses=NOT_FOUND)
