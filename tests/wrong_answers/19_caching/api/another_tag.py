#| kata: caching.api
#| refused_by: test_the_docs_show_it
# Under the tag of the parcels.
from waybill import tracking

api.include_router(tracking.router, tags=["parcels"], responses=NOT_FOUND)
