#| kata: requests.api
#| refused_by: test_rates_answer_below_the_version
# The model itself in place of a dict that holds it.
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from waybill import rates


class Problem(BaseModel):
    """What a client reads when a request is refused."""

    detail: str


NOT_FOUND: dict[int | str, Any] = {404: Problem}

api = APIRouter(prefix="/v1")
api.include_router(rates.router, tags=["rates"], responses=NOT_FOUND)
