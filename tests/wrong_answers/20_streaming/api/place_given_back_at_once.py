#| kata: streaming.api
#| refused_by: test_a_place_is_kept_while_pieces_leave
# Gives an export's place back before its first byte, so a thousand are open at once.
from fastapi import Depends

from waybill import events, exports
from waybill.dependencies import current_account

GUARDED = [Depends(current_account), Depends(access_log)]
STREAMED = [*GUARDED, Depends(events.watch, scope="function")]

for stream in (exports, events):
    api.include_router(
        stream.router, tags=["streams"], responses=NOT_FOUND, dependencies=STREAMED
    )
