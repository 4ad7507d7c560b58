"""What was typed, taken as it is where it is a text: that needs no Pydantic.

Typer 0.29's own way from a text to a parameter's type goes through Pydantic, for every
parameter, and importing that takes 0.1 s: a third of what a command takes that runs no
check. Its names are private and its version is pinned; `tests/cli/test_app.py` notices
when another version has others, as it notices the import.
"""

from typing import Any

import typer.core
from typer._coercion import RuntimeParam, TypeDescriptor, build_runtime_param


class AsTyped(RuntimeParam):
    """A parameter that stays what it is if it is a text, and what nobody has typed."""

    def _coerce_value(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401
        if isinstance(value, str) and self.annotation is str:
            return value
        return build_runtime_param(param.type_descriptor).coerce(value, param, ctx)


def leave_texts_alone() -> None:
    """Have Typer take texts as they were typed, in all that it runs from here on."""
    vars(typer.core)["build_runtime_param"] = _runtime_param


def _runtime_param(descriptor: TypeDescriptor) -> RuntimeParam:
    return AsTyped(descriptor.parameter_info, descriptor.annotation)
