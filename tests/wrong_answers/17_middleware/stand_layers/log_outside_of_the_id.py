#| kata: middleware.stand_layers
#| refused_by: test_every_answer_has_all_of_it
# Turns the first two around, and the rest is right.
from starlette.types import ASGIApp

from waybill.layers import layers
from waybill.request_log import write_log


def stand_layers(app: FastAPI) -> None:
    """Stand all layers around an app, its answer to a crash included."""
    made = [layer(app) for layer in layers]
    build = app.build_middleware_stack

    def build_with_layers() -> ASGIApp:
        stack = build()
        for cls, options, named in reversed(made[1:2] + made[:1] + made[2:] if made[0].cls.__name__ == 'RequestIdMiddleware' else made):
            stack = cls(stack, *options, **named)
        return stack

    app.build_middleware_stack = build_with_layers  # type: ignore[method-assign]


extensions.append(stand_layers)
resources.append(write_log)
