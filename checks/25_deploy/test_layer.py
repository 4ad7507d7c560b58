"""Checks of deploy.layer: the layer that tells load balancers."""

from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI


# - Each Waybill has `draining` among its layers
async def test_ready_is_refused_while_draining(connect: Any) -> None:  # noqa: ANN401
    """While an app drains, its layers answer /ready with 503, and nothing else."""
    from waybill.layers import layers

    app = FastAPI()
    app.max_body_size = None  # type: ignore[attr-defined]

    @app.get("/ready")
    @app.get("/parcel")
    async def answer() -> str:
        return "here you are"

    app.state.settings = SimpleNamespace(allowed_origins=[], environment="development")
    made = [layer(app) for layer in layers]
    app.user_middleware[:0] = made
    found = []
    for draining in (False, True):
        app.state.draining = draining
        async with connect(app) as client:
            answers = [await client.get(path) for path in ("/ready", "/parcel")]
        found += [one.status_code for one in answers]
    assert found == [200, 200, 503, 200], (
        f"/ready was answered {found[0]}, and {found[2]} while the app was draining; "
        f"/parcel was answered {found[1]}, and {found[3]}. Wanted are 200, 503, 200 "
        "and 200. Append `draining` to `layers`."
    )


# - Each Waybill has `draining` among its layers
def test_the_layer_stands_there_once() -> None:
    """The layer stands there once, inside of all others."""
    from waybill.draining import draining
    from waybill.layers import layers

    assert layers.count(draining) == 1, (
        f"`draining` stands in `layers` {layers.count(draining)} times. Append the "
        "function, without calling it."
    )
    from waybill.layers import request_ids, request_log

    inside = layers.index(draining)
    assert inside > max(layers.index(request_ids), layers.index(request_log)), (
        "`draining` stands outside of what gives requests an id and a line in the log."
    )
