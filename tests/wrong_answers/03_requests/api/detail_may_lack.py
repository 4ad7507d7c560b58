#| kata: requests.api
#| refused_by: test_a_real_404_is_a_problem
# A default: the docs call the detail optional.
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from waybill import rates


class Problem(BaseModel):
    """What a client reads when a request is refused."""

    detail: str = "Not Found"


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem}}

api = APIRouter(prefix="/v1")
api.include_router(rates.router, tags=["rates"], responses=NOT_FOUND)
