#| kata: streaming.api
#| refused_by: test_nobody_comes_in_without_an_account
# Leaves the forms outside.
from fastapi import Depends

from waybill import events, exports, forms

api.include_router(forms.router, tags=["streams"], responses=NOT_FOUND)
for stream in (exports, events):
    api.include_router(
        stream.router,
        tags=["streams"],
        responses=NOT_FOUND,
        dependencies=[Depends(access_log)],
    )
