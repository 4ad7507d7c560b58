#| kata: requests.api
#| refused_by: test_the_docs_keep_the_422
# Promises a text where FastAPI sends a list.
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from waybill import rates


class Problem(BaseModel):
    """What a client reads when a request is refused."""

    detail: str


NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem},
    422: {"model": Problem},
}

api = APIRouter(prefix="/v1")
api.include_router(rates.router, tags=["rates"], responses=NOT_FOUND)
