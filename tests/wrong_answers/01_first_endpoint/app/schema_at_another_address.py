#| kata: first_endpoint.app
#| refused_by: test_app_introduces_itself
# Nobody finds the description where it is looked for.
from fastapi import FastAPI

app = FastAPI(title="Waybill", version="1.0.0", openapi_url="/schema.json")
