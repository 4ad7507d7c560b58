"""Checks of models.pickup_window: two fields that must fit each other."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture
def received() -> list[Any]:
    """What the endpoint was called with."""
    return []


@pytest.fixture
def app(received: list[Any]) -> FastAPI:
    """An app with one endpoint, which takes a `PickupWindow`."""
    from waybill.schemas import PickupWindow

    app = FastAPI()

    @app.post("/pickups", status_code=201)
    async def book(window: PickupWindow) -> None:
        received.append(window)

    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app."""
    async with connect(app) as client:
        yield client


# - A window has a `start` and an `end`, and both are required.


async def test_a_window_is_accepted(
    client: httpx.AsyncClient, received: list[Any]
) -> None:
    """A window has a start and an end, and both are required."""
    from waybill.schemas import PickupWindow

    for start, end in (
        ("2026-03-02T09:00:00+01:00", "2026-03-02T12:00:00+01:00"),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:01Z"),
        ("2026-03-02T22:00:00-05:00", "2026-03-03T02:00:00-05:00"),
    ):
        response = await client.post("/pickups", json={"start": start, "end": end})
        assert response.status_code == 201, (
            f"The window from {start} to {end} is fine, and was answered "
            f"{response.status_code}: {response.text}"
        )
        assert isinstance(received[-1], PickupWindow), (
            f"The window from {start} to {end} reached the endpoint as "
            f"{received[-1]!r}. A validator that runs after the model returns self."
        )
    window = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T12:00:00Z"}
    for field in window:
        response = await client.post("/pickups", json=window | {field: None})
        assert response.status_code == 422, (
            f"`{field}` was null, and the answer was {response.status_code}. A window "
            f"has both times: leave `| None` out of their types."
        )
        without = {name: sent for name, sent in window.items() if name != field}
        response = await client.post("/pickups", json=without)
        assert response.status_code == 422, (
            f"`{field}` was left out, and the answer was {response.status_code}. "
            f"A field is required as long as it has no default."
        )


# - A time without an offset is answered 422, and the 422 names the field.


@pytest.mark.parametrize(
    ("start", "end", "lacking"),
    [
        ("2026-03-02T09:00:00", "2026-03-02T12:00:00Z", {"start"}),
        ("2026-03-02T09:00:00Z", "2026-03-02T12:00:00", {"end"}),
        ("2026-03-02T09:00:00", "2026-03-02T12:00:00", {"start", "end"}),
    ],
)
async def test_a_time_without_offset_is_the_clients_mistake(
    connect: Connect, app: FastAPI, start: str, end: str, lacking: set[str]
) -> None:
    """A time without an offset is answered 422, and the 422 names the field."""
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.post("/pickups", json={"start": start, "end": end})
    assert response.status_code != 500, (
        f"From {start} to {end}: the client forgot an offset, and Waybill answered "
        f"500, as if Waybill were broken. Comparing a time that has an offset with "
        f"one that has none raises TypeError. Pydantic has a type that insists on one."
    )
    assert response.status_code == 422, (
        f"From {start} to {end} was answered {response.status_code}. Nobody knows "
        f"which moment a time without an offset means: answer 422."
    )
    detail = response.json()["detail"]
    assert isinstance(detail, list), (
        f"The 422 says {detail!r} and names no field. A model raises no "
        f"HTTPException: let the type of the field refuse."
    )
    named = {one["loc"][-1] for one in detail}
    assert named == lacking, (
        f"From {start} to {end}: the 422 names {sorted(named)}, and the offset is "
        f"missing from {sorted(lacking)}. Refuse it where the field is declared."
    )


# - `EventTime` is a time from `EARLIEST` on and before `LATEST`.


@pytest.mark.parametrize(
    ("start", "end", "beyond"),
    [
        ("0001-01-01T00:00:00+05:45", "2026-03-02T12:00:00Z", {"start"}),
        ("1999-12-31T23:59:59Z", "2026-03-02T12:00:00Z", {"start"}),
        ("2000-01-01T00:00:00+05:45", "2026-03-02T12:00:00Z", {"start"}),
        ("2026-03-02T12:00:00Z", "2100-01-01T00:00:00Z", {"end"}),
        ("2026-03-02T12:00:00Z", "9999-12-31T23:59:59-05:45", {"end"}),
        ("0001-01-01T00:00:00+05:45", "9999-12-31T23:59:59-05:45", {"start", "end"}),
        ("2000-01-01T00:00:00Z", "2099-12-31T23:59:59Z", set()),
        ("2000-01-01T05:45:00+05:45", "2100-01-01T05:44:59+05:45", set()),
    ],
)
async def test_a_time_is_not_centuries_away(
    connect: Connect, app: FastAPI, start: str, end: str, beyond: set[str]
) -> None:
    """A time lies in the years 2000 to 2099, counted in UTC."""
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.post("/pickups", json={"start": start, "end": end})
    wanted = 422 if beyond else 201
    assert response.status_code == wanted, (
        f"From {start} to {end} was answered {response.status_code} instead of "
        f"{wanted}. A time is allowed from 2000-01-01T00:00:00Z on, and before "
        f"2100-01-01T00:00:00Z: Field(ge=…, lt=…) can say that."
    )
    if beyond:
        detail = response.json()["detail"]
        assert isinstance(detail, list), (
            f"The 422 says {detail!r} and names no field. Let the type refuse."
        )
        named = {one["loc"][-1] for one in detail}
        assert named == beyond, (
            f"From {start} to {end}: the 422 names {sorted(named)}, and "
            f"{sorted(beyond)} lies beyond the limits. Refuse it in EventTime."
        )


def test_event_time_stands_alone() -> None:
    """`EventTime` has the rules in itself, for the models to come."""
    from pydantic import BaseModel, ValidationError

    from waybill.schemas import EventTime

    class Delay(BaseModel):
        until: EventTime

    for until, fine in {
        "2026-03-02T12:00:00+05:45": True,
        "2026-03-02T12:00:00": False,
        "1999-12-31T23:59:59Z": False,
        "9999-12-31T23:59:59-05:45": False,
    }.items():
        try:
            Delay.model_validate({"until": until})
            accepted = True
        except ValidationError:
            accepted = False
        assert accepted is fine, (
            f"Another model with an EventTime {'accepted' if accepted else 'refused'} "
            f"{until}. The offset and the limits belong in EventTime itself."
        )


# - A window that ends before or when it starts is answered 422.


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-02T12:00:00Z", "2026-03-02T09:00:00Z"),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"),
        ("2026-03-03T09:00:00Z", "2026-03-02T12:00:00Z"),
    ],
)
async def test_the_end_comes_after_the_start(
    client: httpx.AsyncClient, start: str, end: str
) -> None:
    """A window that ends before or when it starts is answered 422."""
    response = await client.post("/pickups", json={"start": start, "end": end})
    assert response.status_code == 422, (
        f"The window from {start} to {end} was answered {response.status_code}. "
        f"Its end must be later than its start: raise ValueError in the validator."
    )
    detail = response.json()["detail"]
    assert isinstance(detail, list), (
        f"The 422 says {detail!r} instead of a list of mistakes, because the model "
        f"raised an HTTPException. Raise ValueError: FastAPI then answers as it does "
        f"for every other mistake in a body."
    )


# - Start and end are compared as moments, whatever their offsets.


async def test_moments_count_not_clock_faces(client: httpx.AsyncClient) -> None:
    """Start and end are compared as moments, whatever their offsets."""
    response = await client.post(
        "/pickups",
        json={"start": "2026-03-02T10:00:00+01:00", "end": "2026-03-02T09:30:00Z"},
    )
    assert response.status_code == 201, (
        f"From 10:00+01:00 to 09:30Z is half an hour, and was answered "
        f"{response.status_code}. Compare the datetimes as they are."
    )
    short = {"start": "2026-03-02T09:30:00.1Z", "end": "2026-03-02T09:30:00.100001Z"}
    response = await client.post("/pickups", json=short)
    assert response.status_code == 201, (
        f"A window that ends a millionth of a second after it starts was answered "
        f"{response.status_code}. Compare the datetimes as they are, and round nothing."
    )
    response = await client.post(
        "/pickups",
        json={"start": "2026-03-02T09:30:00Z", "end": "2026-03-02T10:00:00+01:00"},
    )
    assert response.status_code == 422, (
        f"10:00+01:00 is half an hour before 09:30Z, and was answered "
        f"{response.status_code}. Compare the datetimes as they are."
    )


# - A field that the model doesn't name is still refused.


async def test_unknown_fields_are_refused(client: httpx.AsyncClient) -> None:
    """A field that the model does not name is still refused."""
    window = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T12:00:00Z"}
    response = await client.post("/pickups", json=window | {"note": "ring twice"})
    assert response.status_code == 422, (
        f"`note` was sent along and answered {response.status_code}; the client "
        f"believes that the courier will read it. Keep building on RequestModel."
    )


# - The JSON schema has `examples`, and the model accepts each of them.


async def test_the_docs_show_a_window_that_works(client: httpx.AsyncClient) -> None:
    """The JSON schema has `examples`, and the model accepts each of them."""
    from waybill.schemas import PickupWindow

    schema = PickupWindow.model_json_schema()
    fields = schema["properties"]
    shown = schema.get("examples") or []
    if not shown and all(field.get("examples") for field in fields.values()):
        shown = [{name: field["examples"][0] for name, field in fields.items()}]
    assert shown, (
        "The model's JSON schema has no `examples`, so the docs page makes times up. "
        "Put a list of them into ConfigDict(json_schema_extra=…)."
    )
    for example in shown:
        response = await client.post("/pickups", json=example)
        assert response.status_code == 201, (
            f"The docs' own example was answered {response.status_code}: {example}. "
            f"Whoever copies it should see it work."
        )
