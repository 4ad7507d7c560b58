#| kata: first_endpoint.app
#| refused_by: test_title_is_waybill
# Almost the name: a small first letter.
from fastapi import FastAPI

app = FastAPI(title="waybill", version="1.0.0")
