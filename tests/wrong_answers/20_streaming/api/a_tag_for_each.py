#| kata: streaming.api
#| refused_by: test_the_docs_list_the_streams
# Each router has a tag of its own.
from fastapi import Depends

from waybill import events, exports
from waybill.dependencies import current_account

GUARDED = [Depends(current_account), Depends(access_log)]
STREAMED = [*GUARDED, Depends(events.watch)]

for stream in (exports, events):
    api.include_router(
        stream.router,
        tags=[stream.router.prefix],
        responses=NOT_FOUND,
        dependencies=STREAMED,
    )
