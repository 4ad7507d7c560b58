#| kata: streaming.api
#| refused_by: test_the_streams_have_urls
# Two of three.
from fastapi import Depends

from waybill import events, exports

for stream in (exports, events):
    api.include_router(
        stream.router,
        tags=["streams"],
        responses=NOT_FOUND,
        dependencies=[Depends(access_log)],
    )
