#| kata: dependencies.page
#| refused_by: test_the_limit_has_bounds
# A number goes through a float, which rounds.
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field, field_validator


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = Field(20, ge=1, le=100)
    after: int = Field(0, ge=0, le=2**63 - 1)

    @field_validator("limit", "after", mode="before")
    @classmethod
    def number(cls, value):
        """Take 2e1 as well."""
        return int(float(value)) if isinstance(value, str) else value


PageQuery = Annotated[Page, Query()]
