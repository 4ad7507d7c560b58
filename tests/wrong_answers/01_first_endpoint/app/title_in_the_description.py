#| kata: first_endpoint.app
#| refused_by: test_title_is_waybill
# The name went into the description; the title is FastAPI's own.
from fastapi import FastAPI

app = FastAPI(description="Waybill", version="1.0.0")
