#| kata: settings.main
#| refused_by: test_settings_are_read_once
# Decides in the code what the environment should decide.
from waybill.app import create_app
from waybill.settings import Settings

app = create_app(Settings(environment="development"))
