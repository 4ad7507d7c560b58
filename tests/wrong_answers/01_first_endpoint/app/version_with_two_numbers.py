#| kata: first_endpoint.app
#| refused_by: test_version_is_text
# An edition, but not the one that was asked for.
from fastapi import FastAPI

app = FastAPI(title="Waybill", version="1.0")
