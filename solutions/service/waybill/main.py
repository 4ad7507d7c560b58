"""Waybill, as a server runs it: `uvicorn waybill.main:app`."""

from waybill.app import create_app
from waybill.settings import get_settings

# kata: settings.main
app = create_app(get_settings())
