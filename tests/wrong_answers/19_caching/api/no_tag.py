#| kata: caching.api
#| refused_by: test_the_docs_show_it
# Without a tag.
from waybill import tracking

api.include_router(tracking.router, responses=NOT_FOUND)
