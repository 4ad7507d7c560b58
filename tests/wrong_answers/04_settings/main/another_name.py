#| kata: settings.main
#| refused_by: test_app_is_waybill
# uvicorn looks for `app`.
from waybill.app import create_app
from waybill.settings import get_settings

application = create_app(get_settings())
