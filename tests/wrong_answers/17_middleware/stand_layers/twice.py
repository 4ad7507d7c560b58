#| kata: middleware.stand_layers
#| refused_by: test_the_first_is_met_first
# Twice around each app.
from starlette.types import ASGIApp

from waybill.layers import layers
from waybill.request_log import write_log


def stand_layers(app: FastAPI) -> None:
    """Stand all layers around an app, its answer to a crash included."""
    made = [layer(app) for layer in layers]
    build = app.build_middleware_stack

    def build_with_layers() -> ASGIApp:
        stack = build()
        for cls, options, named in reversed(made):
            stack = cls(stack, *options, **named)
        return stack

    app.build_middleware_stack = build_with_layers  # type: ignore[method-assign]


extensions += [stand_layers, stand_layers]
resources.append(write_log)
