#| kata: streaming.api
#| refused_by: test_each_leaves_a_line_in_the_log
# Puts a second log before them.
from fastapi import Depends

from waybill import events, exports, forms

for stream in (exports, events, forms):
    api.include_router(
        stream.router,
        tags=["streams"],
        responses=NOT_FOUND,
        dependencies=[Depends(access_log), Depends(access_log, use_cache=False)],
    )
