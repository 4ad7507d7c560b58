#| kata: middleware.stand_layers
#| refused_by: test_the_first_is_met_first
# What most guides show.
from waybill.layers import layers
from waybill.request_log import write_log


def stand_layers(app: FastAPI) -> None:
    """Stand all layers around an app, its answer to a crash included."""
    for layer in layers:
        cls, options, named = layer(app)
        app.add_middleware(cls, *options, **named)


extensions.append(stand_layers)
resources.append(write_log)
