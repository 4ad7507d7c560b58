#| kata: requests.api
#| refused_by: test_rates_answer_below_the_version
# Makes the router and includes nothing.
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel


class Problem(BaseModel):
    """What a client reads when a request is refused."""

    detail: str


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem}}

api = APIRouter(prefix="/v1")
