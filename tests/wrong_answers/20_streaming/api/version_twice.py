#| kata: streaming.api
#| refused_by: test_the_streams_have_urls
# Gives them the version that api brings already.
from fastapi import Depends

from waybill import events, exports, forms

for stream in (exports, events, forms):
    api.include_router(
        stream.router,
        prefix="/v1",
        tags=["streams"],
        responses=NOT_FOUND,
        dependencies=[Depends(access_log)],
    )
