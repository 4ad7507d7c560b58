#| kata: caching.api
#| refused_by: test_the_docs_show_it
# Twice, below two paths.
from waybill import tracking

api.include_router(tracking.router, prefix="/public")
api.include_router(tracking.router, tags=["tracking"], responses=NOT_FOUND)
