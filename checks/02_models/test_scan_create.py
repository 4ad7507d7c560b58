"""Checks of models.scan_create: strict where it helps, and nowhere else."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

SCAN = {"depot": "HAM", "kind": "arrived", "at": "2026-03-02T21:14:00+01:00"}


@pytest.fixture
def received() -> list[Any]:
    """What the endpoint was called with."""
    return []


@pytest.fixture
async def client(
    connect: Callable[[FastAPI], httpx.AsyncClient], received: list[Any]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app with one endpoint, which takes a `ScanCreate`."""
    from waybill.schemas import ScanCreate

    app = FastAPI()

    @app.post("/scans", status_code=201)
    async def scan(report: ScanCreate) -> None:
        received.append(report)

    async with connect(app) as client:
        yield client


# - A scanner's ordinary JSON is accepted, with a weight, without one, or with `null`.


async def test_a_scanners_report_is_accepted(
    client: httpx.AsyncClient, received: list[Any]
) -> None:
    """A scanner's JSON is accepted: depot, kind and time, with or without a weight."""
    from waybill.schemas import ScanKind

    for scan in (
        SCAN | {"weight_g": 750},
        SCAN,
        SCAN | {"weight_g": None},
        SCAN | {"depot": "LYS", "kind": "delivered", "weight_g": 30_000},
        SCAN | {"at": "2026-03-02T21:14:00.000125+01:00"},
    ):
        received.clear()
        response = await client.post("/scans", json=scan)
        assert response.status_code == 201, (
            f"The scanner sent {json.dumps(scan)} and was answered "
            f"{response.status_code}. A weight may be left out or null; time and kind "
            f"are text in JSON, and strict wants the Python object."
        )
        report = received[0]
        assert isinstance(report.kind, ScanKind), (
            f"`kind` reached the endpoint as {report.kind!r}, not as a ScanKind."
        )
        assert report.weight_g == scan.get("weight_g"), (
            f"The scanner sent {scan}, and `weight_g` became {report.weight_g!r}; "
            f"{scan.get('weight_g')!r} is wanted. A weight that is left out is None."
        )
    wanted = datetime(2026, 3, 2, 20, 14, 0, 125, tzinfo=UTC)
    assert report.at == wanted, (
        f"`at` was 21:14:00.000125+01:00, that is {wanted}; it became {report.at!r}."
    )


# - A weight that is text or a boolean is refused, not converted.


@pytest.mark.parametrize("weight", ["750", " 750", "", True, False])
async def test_weight_is_a_number(client: httpx.AsyncClient, weight: object) -> None:
    """A weight that is text or a boolean is refused, not converted."""
    response = await client.post("/scans", json=SCAN | {"weight_g": weight})
    assert response.status_code == 422, (
        f"The scanner sent {json.dumps(weight)} as its weight and was answered "
        f"{response.status_code}. Something is wrong with that scanner, and nobody "
        f"will notice. This one field may be strict: Field(strict=…)."
    )
    # Other fields that are refused, too, are the first rule's business.
    named = [one["loc"][1] for one in response.json()["detail"]]
    assert "weight_g" in named, (
        f"The weight was {json.dumps(weight)}; the 422 complains about {named}."
    )


# - A weight keeps to the limits of `Grams`.


async def test_weight_keeps_its_limits(client: httpx.AsyncClient) -> None:
    """A weight has 1 to 30 000 grams."""
    statuses = {
        1: 201,
        30_000: 201,
        0: 422,
        -1: 422,
        30_001: 422,
        2**31: 422,
        750.5: 422,
    }
    for weight, status in statuses.items():
        response = await client.post("/scans", json=SCAN | {"weight_g": weight})
        assert response.status_code == status, (
            f"A weight of {weight} g was answered {response.status_code} instead of "
            f"{status}. Grams knows the limits; build on it."
        )


# - The depot is three capital letters, and the kind is one of the four.


async def test_depot_and_kind_are_known(client: httpx.AsyncClient) -> None:
    """A depot is three capital letters, and a kind is one of the four."""
    from waybill.schemas import ScanKind

    for kind in ("picked_up", "arrived", "departed", "delivered"):
        response = await client.post("/scans", json=SCAN | {"kind": kind})
        assert response.status_code == 201, (
            f"The kind {kind!r} was answered {response.status_code}. The kinds are "
            f"picked_up, arrived, departed, delivered; yours: {[*map(str, ScanKind)]}."
        )
    for depot in ("BER", "AAA", "ZZZ"):
        response = await client.post("/scans", json=SCAN | {"depot": depot})
        assert response.status_code == 201, (
            f"The depot {depot!r} was answered {response.status_code}. Any three "
            f"capital letters will do for now."
        )
    for change in (
        {"kind": "lost"},
        {"kind": "ARRIVED"},
        {"kind": 1},
        {"kind": None},
        {"depot": "ham"},
        {"depot": "HAMB"},
        {"depot": "H1"},
        {"depot": ""},
        {"depot": "HA"},
        {"depot": "HAM\n"},
        {"depot": "HA\x00"},
        {"depot": "ÄÖÜ"},
        {"depot": 777},
        {"depot": None},
    ):
        response = await client.post("/scans", json=SCAN | change)
        assert response.status_code == 422, (
            f"{change} was answered {response.status_code} instead of 422. "
            f"What the starting code said about `depot` and `kind` still holds."
        )


# - `at` is an `EventTime`.


async def test_a_time_without_offset_is_refused(client: httpx.AsyncClient) -> None:
    """The time of a scan is an `EventTime`: with an offset, and in our century."""
    for at in ("2026-03-02T21:14:00", None):
        response = await client.post("/scans", json=SCAN | {"at": at})
        assert response.status_code == 422, (
            f"`at` was {json.dumps(at)}, and nobody knows which moment that is; the "
            f"answer was {response.status_code}. Keep EventTime."
        )
    for at in ("2000-01-01T00:00:00Z", "2099-12-31T23:59:59.5-00:00"):
        response = await client.post("/scans", json=SCAN | {"at": at})
        assert response.status_code == 201, (
            f"`at` was {at}, and the answer was {response.status_code}. EventTime "
            f"allows it, and a scan has no further rule: clocks of scanners go wrong."
        )
    for at in ("0001-01-01T00:00:00+05:45", "9999-12-31T23:59:59-05:45"):
        response = await client.post("/scans", json=SCAN | {"at": at})
        assert response.status_code == 422, (
            f"`at` was {at}, which no database can store in UTC; the answer was "
            f"{response.status_code}. Keep EventTime."
        )


# - A field that the model doesn't name is still refused.


async def test_unknown_fields_are_refused(client: httpx.AsyncClient) -> None:
    """A field that the model does not name is still refused."""
    response = await client.post("/scans", json=SCAN | {"parcel_id": 7})
    assert response.status_code == 422, (
        f"`parcel_id` was sent along and answered {response.status_code}; the parcel "
        f"will stand in the path. RequestModel refuses what it doesn't name."
    )
