#| kata: dependencies.page
#| refused_by: test_the_limit_has_bounds
# Brings the limit into its bounds without telling the client.
from typing import Annotated

from fastapi import Depends, Query


class Page:
    """Which part of a list is wanted: so many, after this id."""

    def __init__(
        self, limit: int = 20, after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0
    ) -> None:
        self.limit = min(max(limit, 1), 100)
        self.after = after


PageQuery = Annotated[Page, Depends()]
