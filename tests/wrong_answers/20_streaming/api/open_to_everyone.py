#| kata: streaming.api
#| refused_by: test_nobody_comes_in_without_an_account
# Without the log nobody asks for an account, least of all for the forms.
from fastapi import Depends

from waybill import events, exports, forms

for stream in (exports, events, forms):
    api.include_router(
        stream.router,
        tags=["streams"],
        responses=NOT_FOUND,
    )
