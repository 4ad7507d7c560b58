#| kata: growth.mount
#| file: waybill/api.py
from waybill import members

api.include_router(members.router, tags=["members"])
