#| kata: errors.document
#| refused_by: test_errors_are_problems
# Only FastAPI's own 422.
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    title: str
    status: int
    detail: str
    errors: list[dict[str, object]] = []
    instance: str = ""


def document_problems(app: FastAPI) -> None:
    """Let an app's docs say how its errors look."""
    describe = app.openapi
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}

    def openapi() -> dict[str, Any]:
        docs = describe()
        schemas = docs.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        for operations in docs["paths"].values():
            for operation in operations.values():
                responses = operation["responses"]
                responses["default"] = {"description": "Any other error"}
                for status, response in responses.items():
                    if status in ("422", "default"):
                        response["content"] = content
        return docs

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's docs do so


answers.append(document_problems)
