#| kata: requests.api
#| refused_by: test_other_routers_can_use_not_found
# Writes the dict where it is used; NOT_FOUND stays empty.
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from waybill import rates


class Problem(BaseModel):
    """What a client reads when a request is refused."""

    detail: str


NOT_FOUND: dict[int | str, dict[str, Any]] = {}

api = APIRouter(prefix="/v1")
api.include_router(rates.router, tags=["rates"], responses={404: {"model": Problem}})
