#| kata: streaming.api
#| refused_by: test_the_docs_list_the_streams
# A second tag for each router.
from fastapi import Depends

from waybill import events, exports, forms

for stream in (exports, events, forms):
    api.include_router(
        stream.router,
        tags=["streams", stream.__name__],
        responses=NOT_FOUND,
        dependencies=[Depends(access_log)],
    )
