#| kata: dependencies.page
#| refused_by: test_after_has_bounds
# `after` may be larger than SQLite can count.
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = Field(20, ge=1, le=100)
    after: int = Field(0, ge=0)


PageQuery = Annotated[Page, Query()]
