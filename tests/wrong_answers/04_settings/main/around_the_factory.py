#| kata: settings.main
#| refused_by: test_settings_are_read_once
# Builds an app beside the factory, without the settings.
from fastapi import FastAPI

from waybill.app import add_routes
from waybill.settings import Settings

app = FastAPI(title="Waybill", version="1.0.0")
app.state.settings = Settings(environment="development")
add_routes(app)
