#| kata: first_endpoint.app
#| refused_by: test_app_is_an_application
# A function that would make the app, and that nobody calls.
from fastapi import FastAPI


def app() -> FastAPI:
    """Make the app."""
    return FastAPI(title="Waybill", version="1.0.0")
