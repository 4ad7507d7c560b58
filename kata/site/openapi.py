"""What the finished service answers: its OpenAPI, as plain tables."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from kata.site.markdown import code, escaped, fence, heading, page, table
from kata.workspace import scratch
from kata.workspace.development import DEVELOPMENT

MODULES = ("waybill.main", "waybill.hello")
"""Where the app is looked for, the whole one first."""
PROGRAM = """
import importlib, json, sys
app = importlib.import_module(sys.argv[1]).app
json.dump(app.openapi(), sys.stdout)
"""
PATIENCE = 60
"""Seconds that the service may take to be imported."""
METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
JSON = "application/json"
DEFAULT_WORDS = {"Successful Response", "Validation Error"}
"""What FastAPI says of a response, where nobody says anything."""
OWN_WORDS = {
    "HTTPValidationError": "What FastAPI answers to a request that doesn't fit.",
    "ValidationError": "One thing that doesn't fit: where it is, and why.",
}
"""Of the models that come with FastAPI, and have no words of their own."""
REFERENCE = "#/components/schemas/"
LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "at least {} long",
    "maxLength": "at most {} long",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "multipleOf": "a multiple of {}",
    "pattern": "matches {}",
    "default": "{} if left out",
}

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Description:
    """An app's OpenAPI, and why it is not that of the whole service."""

    module: str
    document: Schema
    notes: tuple[str, ...] = ()


def describe(files: Mapping[str, str]) -> Description:
    """Import the service in a process of its own, and return what it says of itself."""
    notes: list[str] = []
    with scratch.holding(files) as place:
        for module in (one for one in MODULES if file_of(one) in files):
            done = subprocess.run(  # noqa: S603 - this Python, on the course's service
                [sys.executable, "-c", PROGRAM, module],
                cwd=place.root,
                env=os.environ | DEVELOPMENT,
                capture_output=True,
                encoding="utf-8",
                timeout=PATIENCE,
                check=False,
            )
            if done.returncode == 0:
                return Description(module, json.loads(done.stdout), tuple(notes))
            reason = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
            notes.append(f"{module} can't be imported: {reason[0]}")
    return Description("", {}, tuple(notes))


def file_of(module: str) -> str:
    """Return the file that holds a module of the service."""
    return f"{module.replace('.', '/')}.py"


def render(described: Description) -> str:
    """Return the page."""
    document = described.document
    parts = [heading(1, "Its API")]
    if not described.module:
        return page(*parts, "The service can't be imported yet.")
    schemas = document.get("components", {}).get("schemas", {})
    named = {name: one for name, one in schemas.items() if not _made_up(name)}
    operations = [
        (f"{method.upper()} {path}", item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]
    info = document["info"]
    parts += [
        f"**{escaped(info['title'])} {escaped(info['version'])}**, as "
        f"`{described.module}` describes itself in OpenAPI {document['openapi']}. "
        "`uv run kata run` serves the same with a form to try each request.",
        table(("request", "what it does"), map(_line, operations)),
        heading(2, "Requests"),
        *(part for one in operations for part in _operation(*one, schemas)),
        heading(2, "Models") if named else "",
        *(part for name, one in named.items() for part in _model(name, one)),
    ]
    return page(*parts)


def _line(operation: tuple[str, Schema]) -> tuple[str, str]:
    name, said = operation
    return f"[{code(name)}](#{_place(name)})", _meaning(said)


def _meaning(operation: Schema) -> str:
    """Return the route's docstring, or else the name of its function."""
    return _sentence(operation.get("description", operation.get("summary", "")))


def _operation(name: str, operation: Schema, schemas: Schema) -> Iterator[str]:
    yield heading(3, code(name), _place(name))
    yield _meaning(operation)
    takes: list[tuple[str, ...]] = [
        (
            code(one["name"]),
            one["in"] + ("" if one.get("required") else ", optional"),
            _type(one["schema"]),
            _limits(one["schema"]),
        )
        for one in operation.get("parameters", ())
    ]
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        takes += _body(kind, content["schema"], schemas)
    if takes:
        yield table(("it takes", "where", "type", "limits"), takes)
    yield "It answers " + "; ".join(_answers(operation["responses"])) + "."


def _body(kind: str, schema: Schema, schemas: Schema) -> Iterator[tuple[str, ...]]:
    """Yield a row for the body, or one for each part of it that has a name."""
    name = schema.get("$ref", "").removeprefix(REFERENCE)
    if not _made_up(name):
        yield "body", "as JSON" if kind == JSON else escaped(kind), _type(schema), ""
        return
    where = "body" if kind == JSON else f"body, {escaped(kind)}"
    made_up = schemas[name]
    for part, one in made_up["properties"].items():
        optional = "" if part in made_up.get("required", ()) else ", optional"
        yield code(part), where + optional, _type(one), _limits(one)


def _answers(responses: Schema) -> Iterator[str]:
    """Yield each status with its meaning; those with the same body stand together."""
    by_body: dict[str, list[str]] = {}
    for status in sorted(responses):
        said = f"**{status}** {_phrase(status, responses[status]['description'])}"
        by_body.setdefault(_bodies(responses[status]), []).append(said)
    for body, statuses in by_body.items():
        yield ", ".join(statuses) + (f" with {body}" if body else "")


def _phrase(status: str, said: str) -> str:
    """Return what a status means: HTTP's words, unless the service has its own."""
    known = status.isdigit() and int(status) in {*HTTPStatus}
    phrase = HTTPStatus(int(status)).phrase if known else ""
    return phrase if said in DEFAULT_WORDS and phrase else _sentence(said)


def _bodies(answer: Schema) -> str:
    return ", ".join(
        _type(content.get("schema", {})) if kind == JSON else code(kind)
        for kind, content in answer.get("content", {}).items()
    )


def _made_up(name: str) -> bool:
    """Tell a model that FastAPI made of the parts of a body, and named itself."""
    return name.startswith("Body_")


def _place(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _model(name: str, schema: Schema) -> Iterator[str]:
    yield heading(3, code(name), _anchor(name))
    yield _sentence(schema.get("description", OWN_WORDS.get(name, "")))
    required = schema.get("required", ())
    rows = [
        (
            code(field) + ("" if field in required else ", optional"),
            _type(one),
            _limits(one),
            _sentence(one.get("description", "")),
        )
        for field, one in schema.get("properties", {}).items()
    ]
    if rows:
        yield table(("field", "type", "limits", "what"), rows)
    else:
        yield f"One of {_type(schema)}." if "enum" in schema else _type(schema)
    for example in schema.get("examples", ()):
        yield "For example:"
        yield fence(json.dumps(example, indent=2, ensure_ascii=False), "json")


def _type(schema: Schema) -> str:
    """Return a schema in a few words."""
    if reference := schema.get("$ref"):
        name = reference.removeprefix(REFERENCE)
        return f"[{code(name)}](#{_anchor(name)})"
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(map(_type, schema[key])))
    if "enum" in schema:
        return ", ".join(code(json.dumps(one)) for one in schema["enum"])
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {_type(schema['additionalProperties'])}"
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _limits(schema: Schema) -> str:
    found = [schema, *schema.get("anyOf", ())]
    return "; ".join(
        words.format(code(one[key]) if key == "pattern" else _value(one[key]))
        for one in found
        for key, words in LIMITS.items()
        if one.get(key) is not None
    )


def _value(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return escaped(text)


def _anchor(name: str) -> str:
    return f"model-{name.lower()}"


def _sentence(text: str) -> str:
    return escaped(" ".join(text.split()))
