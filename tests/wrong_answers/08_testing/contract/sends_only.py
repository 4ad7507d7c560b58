#| kata: testing.contract
#| refused_by: test_a_missing_field_is_red
# Sends, and compares nothing.
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
        case.call()

    ask()
