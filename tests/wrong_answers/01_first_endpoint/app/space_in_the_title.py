#| kata: first_endpoint.app
#| refused_by: test_title_is_waybill
# A space at the end is part of the title.
from fastapi import FastAPI

app = FastAPI(title="Waybill ", version="1.0.0")
