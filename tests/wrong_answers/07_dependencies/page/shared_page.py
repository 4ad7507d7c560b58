#| kata: dependencies.page
#| refused_by: test_each_request_has_its_own_page
# One object serves all requests: it holds what the last one asked for.
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = 20
    after: int = 0


PAGE = Page()


async def read_page(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
) -> Page:
    PAGE.limit = limit
    PAGE.after = after
    return PAGE


PageQuery = Annotated[Page, Depends(read_page)]
