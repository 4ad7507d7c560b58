#| kata: middleware.stand_layers
#| refused_by: test_the_first_is_met_first
# Functions made in a loop, which all see its last values.
from starlette.types import ASGIApp

from waybill.layers import layers
from waybill.request_log import write_log


def stand_layers(app: FastAPI) -> None:
    """Stand all layers around an app, its answer to a crash included."""
    made = [layer(app) for layer in layers]
    for cls, options, named in reversed(made):
        build = app.build_middleware_stack

        def build_one() -> ASGIApp:
            return cls(build(), *options, **named)

        app.build_middleware_stack = build_one


extensions.append(stand_layers)
resources.append(write_log)
