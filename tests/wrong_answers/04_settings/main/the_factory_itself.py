#| kata: settings.main
#| refused_by: test_app_is_waybill
# Hands the server the function, not an app.
from waybill.app import create_app

app = create_app
