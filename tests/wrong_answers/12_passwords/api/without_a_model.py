#| kata: passwords.api
#| refused_by: test_the_docs_know_the_409
# A 409 of which the docs don't say what it holds.
from waybill import accounts

TAKEN: dict[int | str, dict[str, Any]] = {409: {"description": "Taken"}}

api.include_router(accounts.router, tags=["accounts"], responses=TAKEN)
