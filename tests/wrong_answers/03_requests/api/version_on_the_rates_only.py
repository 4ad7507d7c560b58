#| kata: requests.api
#| refused_by: test_the_version_belongs_to_api
# Only the rates get the version; the next router would not.
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from waybill import rates


class Problem(BaseModel):
    """What a client reads when a request is refused."""

    detail: str


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem}}

api = APIRouter()
api.include_router(rates.router, prefix="/v1", tags=["rates"], responses=NOT_FOUND)
