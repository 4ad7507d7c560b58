#| kata: settings.main
#| refused_by: test_app_is_waybill
# A server imports the module; it doesn't run it as a script.
from waybill.app import create_app
from waybill.settings import get_settings

if __name__ == "__main__":
    app = create_app(get_settings())
