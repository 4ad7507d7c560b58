#| kata: streaming.api
#| refused_by: test_each_leaves_a_line_in_the_log
# Writes two lines for each request.
from fastapi import Depends

from waybill import events, exports
from waybill.dependencies import current_account

GUARDED = [Depends(current_account), Depends(access_log)]

for stream in (exports, events):
    api.include_router(
        stream.router,
        tags=["streams"],
        responses=NOT_FOUND,
        dependencies=[*GUARDED, Depends(access_log, use_cache=False)],
    )
