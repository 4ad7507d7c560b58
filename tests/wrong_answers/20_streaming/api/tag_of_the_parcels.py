#| kata: streaming.api
#| refused_by: test_the_docs_list_the_streams
# With the tag of the parcels.
from fastapi import Depends

from waybill import events, exports, forms

for stream in (exports, events, forms):
    api.include_router(
        stream.router,
        tags=["parcels"],
        responses=NOT_FOUND,
        dependencies=[Depends(access_log)],
    )
