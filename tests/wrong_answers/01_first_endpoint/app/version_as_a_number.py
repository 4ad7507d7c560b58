#| kata: first_endpoint.app
#| refused_by: test_version_is_text
# A number instead of text: /openapi.json cannot be made.
from fastapi import FastAPI

app = FastAPI(title="Waybill", version=1.0)
