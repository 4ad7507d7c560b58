#| kata: streaming.api
#| refused_by: test_an_export_takes_a_place
# Lets an account have as many exports open as it likes.
from fastapi import Depends

from waybill import events, exports
from waybill.dependencies import current_account

GUARDED = [Depends(current_account), Depends(access_log)]

for stream in (exports, events):
    api.include_router(
        stream.router, tags=["streams"], responses=NOT_FOUND, dependencies=GUARDED
    )
