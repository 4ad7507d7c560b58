#| kata: passwords.api
#| refused_by: test_other_docs_stay
# A new `api` with the tag and the 409 for all of its routers.
from waybill import accounts

TAKEN: dict[int | str, dict[str, Any]] = {409: {"model": Problem}}

api = APIRouter(prefix="/v1", tags=["accounts"], responses=TAKEN)
api.include_router(rates.router, tags=["rates"], responses=NOT_FOUND)
api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
api.include_router(accounts.router)
