#| kata: streaming.api
#| refused_by: test_the_docs_list_the_streams
# Without a tag.
from fastapi import Depends

from waybill import events, exports, forms

for stream in (exports, events, forms):
    api.include_router(
        stream.router,
        responses=NOT_FOUND,
        dependencies=[Depends(access_log)],
    )
