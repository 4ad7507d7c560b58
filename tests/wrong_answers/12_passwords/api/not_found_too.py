#| kata: passwords.api
#| refused_by: test_the_docs_know_no_more
# Promises a 404 that nobody ever gets here.
from waybill import accounts

TAKEN: dict[int | str, dict[str, Any]] = NOT_FOUND | {409: {"model": Problem}}

api.include_router(accounts.router, tags=["accounts"], responses=TAKEN)
