#| kata: streaming.api
#| refused_by: test_each_leaves_a_line_in_the_log
# Asks for the account, and leaves no line.
from fastapi import Depends

from waybill import events, exports, forms
from waybill.dependencies import current_account

for stream in (exports, events, forms):
    api.include_router(
        stream.router,
        tags=["streams"],
        responses=NOT_FOUND,
        dependencies=[Depends(current_account)],
    )
