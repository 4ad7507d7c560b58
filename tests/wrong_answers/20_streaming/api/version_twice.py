#| kata: streaming.api
#| refused_by: test_the_streams_have_urls
# Writes the version once more.
from fastapi import Depends

from waybill import events, exports
from waybill.dependencies import current_account

GUARDED = [Depends(current_account), Depends(access_log)]
STREAMED = [*GUARDED, Depends(events.watch)]

for stream in (exports, events):
    api.include_router(
        stream.router,
        prefix="/v1",
        tags=["streams"],
        responses=NOT_FOUND,
        dependencies=STREAMED,
    )
