#| kata: first_endpoint.app
#| refused_by: test_app_is_an_application
# The class itself, not an application made by calling it.
from fastapi import FastAPI

app = FastAPI
