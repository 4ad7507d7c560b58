#| kata: caching.api
#| refused_by: test_the_docs_show_it
# The docs don't know of the 404.
from waybill import tracking

api.include_router(tracking.router, tags=["tracking"])
