#| kata: testing.contract
#| refused_by: test_a_crash_is_red
# Compares answers only where they are a 200.
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given, settings

from waybill.api import api

OPERATIONS = [("/v1/rates", "GET"), ("/v1/rates/{country}", "GET")]


@pytest.fixture(scope="module")
def schema() -> Any:  # noqa: ANN401
    """Return what Waybill's own docs promise."""
    schemathesis = pytest.importorskip("schemathesis")
    app = FastAPI()
    app.include_router(api)
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_answers_are_as_promised(schema: Any, path: str, method: str) -> None:  # noqa: ANN401
    """What comes back is what the docs say."""

    @given(case=schema[path][method].as_strategy())
    @settings(max_examples=30, deadline=None)
    def ask(case: Any) -> None:  # noqa: ANN401
        response = case.call()
        if response.status_code == 200:
            case.validate_response(response)

    ask()
