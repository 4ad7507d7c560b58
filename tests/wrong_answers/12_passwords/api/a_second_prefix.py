#| kata: passwords.api
#| refused_by: test_anyone_may_open_an_account
# The prefix stands twice.
from waybill import accounts

TAKEN: dict[int | str, dict[str, Any]] = {409: {"model": Problem}}

api.include_router(accounts.router, prefix="/accounts", tags=["accounts"], responses=TAKEN)
