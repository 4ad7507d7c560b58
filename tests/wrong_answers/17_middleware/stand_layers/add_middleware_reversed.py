#| kata: middleware.stand_layers
#| refused_by: test_every_answer_passes_them
# The right order, inside of what answers a crash.
from starlette.types import ASGIApp

from waybill.layers import layers
from waybill.request_log import write_log


def stand_layers(app: FastAPI) -> None:
    """Stand all layers around an app, its answer to a crash included."""
    for layer in reversed(layers):
        cls, options, named = layer(app)
        app.add_middleware(cls, *options, **named)


extensions.append(stand_layers)
resources.append(write_log)
