#| kata: caching.api
#| refused_by: test_whoever_asks_is_answered
# The log wants to know who asks, so it asks for an account.
from waybill import tracking

api.include_router(
    tracking.router,
    tags=["tracking"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
