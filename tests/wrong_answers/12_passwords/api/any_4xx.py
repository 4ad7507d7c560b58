#| kata: passwords.api
#| refused_by: test_the_docs_know_the_409
# A whole range, and no 409.
from waybill import accounts

TAKEN: dict[int | str, dict[str, Any]] = {"4XX": {"model": Problem}}

api.include_router(accounts.router, tags=["accounts"], responses=TAKEN)
