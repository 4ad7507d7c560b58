#| kata: settings.main
#| refused_by: test_unsafe_settings_stop_the_import
# Falls back on development where production is unsafe.
from waybill.app import create_app
from waybill.settings import Settings, UnsafeSettingsError, get_settings

try:
    app = create_app(get_settings())
except UnsafeSettingsError:
    app = create_app(Settings(environment="development"))
