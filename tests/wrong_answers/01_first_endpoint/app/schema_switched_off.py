#| kata: first_endpoint.app
#| refused_by: test_app_introduces_itself
# Copied from a production guide: the schema is off.
from fastapi import FastAPI

app = FastAPI(title="Waybill", version="1.0.0", openapi_url=None)
