#| kata: growth.mount
#| file: waybill/api.py
from waybill import accounts

api.include_router(accounts.router, tags=["accounts"])
