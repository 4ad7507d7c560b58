#| kata: middleware.stand_layers
#| refused_by: test_every_answer_passes_them
# Around the router only.
from starlette.types import ASGIApp

from waybill.layers import layers
from waybill.request_log import write_log


def stand_layers(app: FastAPI) -> None:
    """Stand all layers around an app, its answer to a crash included."""
    made = [layer(app) for layer in layers]
    stack: ASGIApp = app.router.middleware_stack
    for cls, options, named in reversed(made):
        stack = cls(stack, *options, **named)
    app.router.middleware_stack = stack


extensions.append(stand_layers)
resources.append(write_log)
