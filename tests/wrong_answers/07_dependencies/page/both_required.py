#| kata: dependencies.page
#| refused_by: test_what_is_left_out_has_a_default
# Bounds without defaults: whoever leaves one out is refused.
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = Field(ge=1, le=100)
    after: int = Field(ge=0, le=2**63 - 1)


PageQuery = Annotated[Page, Query()]
