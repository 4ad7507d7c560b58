#| kata: settings.main
#| refused_by: test_unsafe_settings_stop_the_import
# Ends the process of whoever imports it, a test's as well.
from waybill.app import create_app
from waybill.settings import UnsafeSettingsError, get_settings

try:
    app = create_app(get_settings())
except UnsafeSettingsError as error:
    raise SystemExit(str(error))
