#| kata: requests.api
#| refused_by: test_nothing_answers_without_a_version
# Keeps the old paths beside the new ones.
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from waybill import rates


class Problem(BaseModel):
    """What a client reads when a request is refused."""

    detail: str


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem}}

api = APIRouter()
api.include_router(rates.router, tags=["rates"], responses=NOT_FOUND)
api.include_router(rates.router, prefix="/v1", tags=["rates"], responses=NOT_FOUND)
