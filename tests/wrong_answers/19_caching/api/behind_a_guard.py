#| kata: caching.api
#| refused_by: test_whoever_asks_is_answered
# Only for people who have signed in.
from waybill import tracking
from waybill.dependencies import current_account

api.include_router(
    tracking.router,
    tags=["tracking"],
    responses=NOT_FOUND,
    dependencies=[Depends(current_account)],
)
