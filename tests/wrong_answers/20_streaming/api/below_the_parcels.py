#| kata: streaming.api
#| refused_by: test_the_streams_have_urls
# Puts them into the router of the parcels.
from waybill import events, exports, forms, parcels

for stream in (exports, events, forms):
    parcels.router.include_router(stream.router, tags=["streams"], responses=NOT_FOUND)
