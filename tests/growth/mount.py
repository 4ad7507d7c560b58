#| kata: growth.mount
#| file: waybill/api.py
from waybill import invitations

api.include_router(invitations.router, tags=["invitations"])
