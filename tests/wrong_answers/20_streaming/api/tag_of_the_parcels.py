#| kata: streaming.api
#| refused_by: test_the_docs_list_the_streams
# Puts the streams below the parcels.
from fastapi import Depends

from waybill import events, exports
from waybill.dependencies import current_account

GUARDED = [Depends(current_account), Depends(access_log)]
STREAMED = [*GUARDED, Depends(events.watch)]

for stream in (exports, events):
    api.include_router(
        stream.router, tags=["parcels"], responses=NOT_FOUND, dependencies=STREAMED
    )
