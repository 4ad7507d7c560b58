#| kata: settings.main
#| refused_by: test_settings_are_read_once
# Reads the environment a second time.
from waybill.app import create_app
from waybill.settings import Settings

app = create_app(Settings())
