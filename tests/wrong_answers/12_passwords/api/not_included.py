#| kata: passwords.api
#| refused_by: test_anyone_may_open_an_account
# Documents a router that never joins.
from waybill import accounts

TAKEN: dict[int | str, dict[str, Any]] = {409: {"model": Problem}}

accounts.router.tags.append("accounts")
