#| kata: errors.document
#| refused_by: test_errors_are_problems
# OpenAPI has ranges as well, such as 5XX: int() makes a crash of the docs.
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
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}

    def openapi() -> dict[str, Any]:
        docs = describe()
        schemas = docs.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        for operations in docs["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if status != "default" and int(status) >= 400:
                        response["content"] = content
                operation["responses"]["default"] = {
                    "description": "Whatever else went wrong.",
                    "content": content,
                }
        return docs

    app.openapi = openapi  # type: ignore[method-assign]


answers.append(document_problems)
