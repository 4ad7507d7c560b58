#| kata: passwords.api
#| refused_by: test_nobody_is_asked_who_they_are
# Copied from the parcels: asks strangers who they are.
from waybill import accounts

TAKEN: dict[int | str, dict[str, Any]] = {409: {"model": Problem}}

api.include_router(accounts.router, tags=["accounts"], responses=TAKEN, dependencies=[Depends(access_log)])
