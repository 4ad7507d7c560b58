#| kata: passwords.api
#| refused_by: test_the_docs_know_the_409
# Copied from the parcels: documents a 404 that never comes.
from waybill import accounts

api.include_router(accounts.router, tags=["accounts"], responses=NOT_FOUND)
