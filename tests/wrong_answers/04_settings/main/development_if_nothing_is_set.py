#| kata: settings.main
#| refused_by: test_unsafe_settings_stop_the_import
# Makes development the default again.
import os

os.environ.setdefault("WAYBILL_ENVIRONMENT", "development")

from waybill.app import create_app
from waybill.settings import get_settings

app = create_app(get_settings())
