#| kata: dependencies.page
#| refused_by: test_what_is_left_out_has_a_default
# FastAPI's own examples say 100.
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = Field(100, ge=1, le=100)
    after: int = Field(0, ge=0, le=2**63 - 1)


PageQuery = Annotated[Page, Query()]
