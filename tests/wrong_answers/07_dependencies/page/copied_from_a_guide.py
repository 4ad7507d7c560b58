#| kata: dependencies.page
#| refused_by: test_a_route_gets_a_page
# The guide's class: Field() as a default says nothing to FastAPI.
from typing import Annotated

from fastapi import Depends
from pydantic import Field


class Page:
    """Which part of a list is wanted: so many, after this id."""

    def __init__(
        self,
        limit: int = Field(20, ge=1, le=100),
        after: int = Field(0, ge=0),
    ) -> None:
        self.limit = limit
        self.after = after


PageQuery = Annotated[Page, Depends()]
