#| kata: dependencies.page
#| refused_by: test_after_has_bounds
# 2**63 is one more than SQLite can count.
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = Field(20, ge=1, le=100)
    after: int = Field(0, ge=0, le=2**63)


PageQuery = Annotated[Page, Query()]
