#| kata: dependencies.page
#| refused_by: test_the_limit_has_bounds
# The defaults are right, and nothing keeps the bounds.
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = 20
    after: int = 0


PageQuery = Annotated[Page, Query()]
