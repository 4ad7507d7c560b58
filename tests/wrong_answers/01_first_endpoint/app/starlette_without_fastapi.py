#| kata: first_endpoint.app
#| refused_by: test_app_is_an_application
# The framework below FastAPI: it knows no titles and no docs.
from starlette.applications import Starlette

app = Starlette()
app.title = "Waybill"
app.version = "1.0.0"
