#| kata: errors.document
#| refused_by: test_the_rest_stays
# Models that the docs had are gone from `components`.
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

    def with_problems() -> dict[str, Any]:
        docs = describe()
        schemas = docs.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        schema = {"$ref": "#/components/schemas/Problem"}
        content = {"application/problem+json": {"schema": schema}}
        for operations in docs["paths"].values():
            for operation in operations.values():
                responses = operation["responses"]
                for status, response in responses.items():
                    if status[0] in "45":
                        response["content"] = content
                other = responses.setdefault("default", {"description": "An error"})
                other["content"] = content
        return docs

    app.openapi = with_problems


answers.append(document_problems)
