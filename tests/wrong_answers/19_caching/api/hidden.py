#| kata: caching.api
#| refused_by: test_the_docs_show_it
# The docs don't show it.
from waybill import tracking

api.include_router(
    tracking.router, tags=["tracking"], responses=NOT_FOUND, include_in_schema=False
)
