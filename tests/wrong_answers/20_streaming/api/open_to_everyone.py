#| kata: streaming.api
#| refused_by: test_each_leaves_a_line_in_the_log
# Guards nothing; the routes ask for an account themselves, and the log stays empty.
from fastapi import Depends

from waybill import events, exports
from waybill.dependencies import current_account

GUARDED = [Depends(current_account), Depends(access_log)]
STREAMED = [*GUARDED, Depends(events.watch)]

for stream in (exports, events):
    api.include_router(
        stream.router, tags=["streams"], responses=NOT_FOUND, dependencies=[]
    )
