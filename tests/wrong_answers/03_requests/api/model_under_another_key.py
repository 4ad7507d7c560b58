#| kata: requests.api
#| refused_by: test_not_found_names_the_model
# The model stands under the name of its field.
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from waybill import rates


class Problem(BaseModel):
    """What a client reads when a request is refused."""

    detail: str


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"detail": Problem}}

api = APIRouter(prefix="/v1")
api.include_router(rates.router, tags=["rates"], responses=NOT_FOUND)
