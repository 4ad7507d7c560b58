#| kata: middleware.stand_layers
#| refused_by: test_every_answer_has_all_of_it
# Changes the class, so each app gets the layers of all others.
from starlette.types import ASGIApp

from waybill.layers import layers
from waybill.request_log import write_log


def stand_layers(app: FastAPI) -> None:
    """Stand all layers around an app, its answer to a crash included."""
    made = [layer(app) for layer in layers]
    build = FastAPI.build_middleware_stack

    def build_with_layers(self: FastAPI) -> ASGIApp:
        stack = build(self)
        for cls, options, named in reversed(made):
            stack = cls(stack, *options, **named)
        return stack

    FastAPI.build_middleware_stack = build_with_layers  # type: ignore[method-assign]


extensions.append(stand_layers)
resources.append(write_log)
