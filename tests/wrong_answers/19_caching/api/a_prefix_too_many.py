#| kata: caching.api
#| refused_by: test_whoever_asks_is_answered
# Below a further prefix.
from waybill import tracking

api.include_router(
    tracking.router, prefix="/tracking", tags=["tracking"], responses=NOT_FOUND
)
