#| kata: dependencies.page
#| refused_by: test_the_docs_show_the_bounds
# Refuses the right numbers, where the docs can't see it.
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, field_validator


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = 20
    after: int = 0

    @field_validator("limit")
    @classmethod
    def limit_in_bounds(cls, limit: int) -> int:
        """Refuse less than 1 and more than 100."""
        if not 1 <= limit <= 100:
            raise ValueError("1 to 100")
        return limit

    @field_validator("after")
    @classmethod
    def after_in_bounds(cls, after: int) -> int:
        """Refuse what SQLite can't count."""
        if not 0 <= after < 2**63:
            raise ValueError("0 to 2**63 - 1")
        return after


PageQuery = Annotated[Page, Query()]
