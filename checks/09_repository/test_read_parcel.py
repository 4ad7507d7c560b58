"""Checks of repository.read_parcel: a parcel leaves with its version, never a newer."""

import secrets
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from waybill.tables import Parcel

LENA, BOB = "lena@example.com", "bob@example.com"
CEM, DORA = "cem@example.com", "dora@example.com"
VERSIONS = {1: 3, 7: 2, 8: 0, 9: 11}
LARGEST = 2**63 - 1
RIVAL = (
    "INSERT INTO changes VALUES (7, 3, 311, '2026-03-02 09:00:00')",
    "UPDATE parcels SET weight_g = 4321 WHERE id = 7",
)
"""What Lena's phone does in one transaction."""


@pytest.fixture
async def app(
    keep: Callable[..., Awaitable[None]],
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    parcel: Callable[..., "Parcel"],
    change: Callable[..., Any],
    mount: Callable[..., FastAPI],
) -> FastAPI:
    """An app with Lena's parcels, some of them changed, and one of Bob's."""
    from waybill import parcels

    for number, version in VERSIONS.items():
        await keep(parcel(number), *[change(number, i + 1) for i in range(version)])
    await keep(parcel(311, BOB), change(311, 1, BOB))
    return mount(parcels.router)


# - `etag(version)` is the version in double quotes.
def test_a_tag_is_a_version_in_quotes() -> None:
    """`etag(version)` is the version in double quotes."""
    from waybill.parcels import etag

    for version in (0, 7, 1_000_000):
        tag = etag(version)
        quoted = f'"{version}"'
        assert tag == quoted, (
            f"etag({version}) is {tag!r}; it should be {quoted!r}. The double quotes "
            "belong to the text."
        )


# - `GET /parcels/{parcel_id}` sends the parcel's version as its `ETag`.
async def test_a_parcel_leaves_with_its_version(
    client: httpx.AsyncClient, crash: SimpleNamespace
) -> None:
    """`GET /parcels/{parcel_id}` sends the parcel's version as its `ETag`."""
    for number, version in VERSIONS.items():
        response = await client.get(f"/parcels/{number}")
        assert response.status_code == 200, (
            f"Lena asked for her parcel {number} and was answered "
            f"{response.status_code}. {crash.told()}"
        )
        assert response.json()["id"] == number, f"Parcel {number} is {response.text}."
        tags, wanted = response.headers.get_list("ETag"), f'"{version}"'
        assert tags == [wanted], (
            f"Parcel {number} was changed {version} times, and left with the ETag "
            f"{tags}. It should be {wanted}."
        )


# - If somebody changes the parcel meanwhile, the version may be older than what is
# sent, and is never newer.
@pytest.mark.parametrize("moment", ["FROM changes", "FROM parcels"])
async def test_a_version_is_never_newer_than_its_parcel(
    client: httpx.AsyncClient, before: Callable[..., list[str]], moment: str
) -> None:
    """If somebody changes the parcel meanwhile, the version is never the newer one."""
    done = before(moment, *RIVAL)
    response = await client.get("/parcels/7")
    assert done, f"Nothing was asked of the table in `{moment}`."
    assert response.status_code == 200, f"Parcel 7 was answered {response.text}."
    weight, tag = response.json()["weight_g"], response.headers.get("ETag")
    assert (weight, tag) != (750, '"3"'), (
        "Lena's phone changed the weight from 750 to 4321, which made version 3. Her "
        "laptop, which asked at the same moment, read the old weight with the ETag "
        f"{tag}. With that it may overwrite the new weight. Find out the version "
        "before the parcel is read."
    )
    assert tag in {'"2"', '"3"'}, f"Parcel 7 has version 2 or 3, and the ETag is {tag}."


# - What stands there stays as it is: `own_parcel`, `ParcelId` and `hand_in`.
@pytest.mark.parametrize("who", [BOB, CEM, DORA])
async def test_somebody_elses_parcel_is_not_there(
    client: httpx.AsyncClient, asking: dict[str, str], who: str
) -> None:
    """Somebody else's parcel is answered 404 without an `ETag`, as one that isn't."""
    asking["email"] = who
    seen = set()
    for number in (7, 9, 404, LARGEST):
        response = await client.get(f"/parcels/{number}")
        assert response.status_code == 404, (
            f"{who} asked for parcel {number}, which belongs to Lena or to nobody, and "
            f"was answered {response.status_code}. `own_parcel` compares the owner."
        )
        tag = response.headers.get("ETag")
        assert tag is None, (
            f"{who} asked for parcel {number}, was answered 404, and reads the ETag "
            f"{tag}: so there is such a parcel."
        )
        seen.add(response.text)
    assert len(seen) == 1, f"The words of a 404 tell which parcels exist: {seen}."


@pytest.mark.parametrize("number", [0, -1, LARGEST + 1, "x"])
async def test_an_id_that_cannot_be_is_answered_422(
    client: httpx.AsyncClient, number: object
) -> None:
    """An id below 1 or beyond 2**63 - 1 is answered 422."""
    status = (await client.get(f"/parcels/{number}")).status_code
    assert status == 422, (
        f"GET /parcels/{number} was answered {status} instead of 422. Does every "
        "parameter that reads the id have the type ParcelId?"
    )


async def test_any_route_may_ask_for_an_own_parcel(
    client: httpx.AsyncClient, app: FastAPI, asking: dict[str, str]
) -> None:
    """A route elsewhere that asks for `OwnParcel` gets it, or answers 404."""
    from waybill.parcels import OwnParcel

    @app.get("/labels/{parcel_id}")
    async def label(parcel: OwnParcel) -> str:
        return parcel.tracking_code

    text = (await client.get("/labels/7")).text
    assert text == '"WB7"', f"A route with `parcel: OwnParcel` answered Lena {text}."
    asking["email"] = BOB
    status = (await client.get("/labels/7")).status_code
    assert status == 404, f"A route with `parcel: OwnParcel` answered Bob {status}."


async def test_a_parcel_can_still_be_handed_in(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    to: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is handed in is the sender's, has a code, and begins with version 0."""
    drawn: list[int] = []
    draw = secrets.token_bytes

    def begins_alike(nbytes: int | None = None) -> bytes:
        drawn.append(nbytes or 32)
        return (bytes(7) + draw(32))[: drawn[-1]] if len(drawn) < 3 else draw(nbytes)

    monkeypatch.setattr(secrets, "token_bytes", begins_alike)
    asking["email"] = BOB
    codes = set()
    for value, kept in (("5.1", "5.10"), ("19.90", "19.90")):
        body = {"to": to, "weight_g": 1200, "value": value}
        response = await client.post("/parcels", json=body)
        assert response.status_code == 201, f"Bob handed a parcel in: {response.text}"
        new = response.json()
        assert new["value"] == kept, f"Worth {value}, the parcel is {new['value']}."
        codes.add(new["tracking_code"])
        response = await client.get(f"/parcels/{new['id']}")
        assert response.json() == new, f"Handed in: {new}. Read: {response.text}."
        tag = response.headers["ETag"]
        assert tag == '"0"', f"A parcel that nobody has changed has the ETag {tag}."
    assert len(codes) == 2, f"Two parcels have the code {codes}."
