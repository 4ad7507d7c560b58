#| kata: passwords.api
#| refused_by: test_accounts_have_their_tag
# No tag: the docs list it under default.
from waybill import accounts

TAKEN: dict[int | str, dict[str, Any]] = {409: {"model": Problem}}

api.include_router(accounts.router, responses=TAKEN)
