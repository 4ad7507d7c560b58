#| kata: streaming.api
#| refused_by: test_the_docs_list_the_streams
# Doesn't document the 404.
from fastapi import Depends

from waybill import events, exports, forms

for stream in (exports, events, forms):
    api.include_router(
        stream.router,
        tags=["streams"],
        dependencies=[Depends(access_log)],
    )
