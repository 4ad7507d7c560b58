#| kata: first_endpoint.app
#| refused_by: test_version_is_text
# Without a version, FastAPI says 0.1.0.
from fastapi import FastAPI

app = FastAPI(title="Waybill")
