#| kata: settings.main
#| refused_by: test_environment_decides
# Decides in the code what the environment should decide.
from waybill.app import create_app
from waybill.settings import Settings

app = create_app(Settings(environment="development"))
