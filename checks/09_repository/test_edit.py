"""Checks of repository.edit: a change counts for who has seen the newest version."""

from collections.abc import Awaitable, Callable
from itertools import product
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import exc

if TYPE_CHECKING:
    from waybill.tables import Parcel

LENA, BOB = "lena@example.com", "bob@example.com"
CEM, DORA = "cem@example.com", "dora@example.com"
VERSIONS = {7: 2, 8: 0, 9: 11, 10: 1}
NOT_TAGS = (
    *(
        "",
        "2",
        "'2'",
        '"2',
        '2"',
        '""',
        '" 2"',
        '"2 "',
        '"-2"',
        '"+2"',
        '"2.0"',
        '"two"',
    ),
    *('W/"2"', 'w/"2"', '"2"x', '"2", x', '"02x"', f'"{10**18}"', f'"{10**400}"'),
    f'"{"0" * 18}2"',  # 19 digits
    '"' + "9" * 5000 + '"',  # more than `int` reads
    *('"\u00b2"', '"2\u00b9"', '"2_0"', '"0x2"', '"1", "2"', "*"),
)
"""What is no version; the newest one of parcel 7 is 2."""
Refused = Callable[[httpx.Response, int, str], None]


@pytest.fixture
async def app(
    keep: Callable[..., Awaitable[None]],
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    parcel: Callable[..., "Parcel"],
    change: Callable[..., Any],
    scan: Callable[..., Any],
    mount: Callable[..., FastAPI],
) -> FastAPI:
    """An app with Lena's parcels; a courier has scanned parcel 10."""
    from waybill import operations

    for number, version in VERSIONS.items():
        await keep(parcel(number), *[change(number, i + 1) for i in range(version)])
    await keep(scan(10))
    return mount(operations.router)


@pytest.fixture
def state(rows: Callable[..., list[Any]]) -> Callable[[], list[Any]]:
    """Return a function that reads all parcels and changes that are committed."""
    return lambda: [
        *rows('SELECT id, "to", weight_g, value FROM parcels ORDER BY id'),
        *rows("SELECT parcel_id, number, account_id FROM changes ORDER BY 1, 2"),
    ]


# - `PATCH /parcels/{parcel_id}` changes what you send, and answers 200 with the parcel
# and its new `ETag`.
@pytest.mark.parametrize("number", [7, 8])
async def test_what_is_sent_is_changed(
    client: httpx.AsyncClient,
    crash: SimpleNamespace,
    rows: Callable[..., list[Any]],
    number: int,
) -> None:
    """A PATCH changes what you send, and answers with the parcel and its new `ETag`."""
    version = VERSIONS[number]
    for sent in ({"weight_g": 900 + number}, {"value": "5.1"}):
        response = await client.patch(
            f"/parcels/{number}", json=sent, headers={"If-Match": f'"{version}"'}
        )
        what = f'PATCH with {sent} and If-Match: "{version}", the newest,'
        assert response.status_code == 200, (
            f"{what} was answered {response.status_code} instead of 200. {crash.told()}"
        )
        version += 1
        tag = response.headers.get("ETag")
        assert tag == f'"{version}"', (
            f"{what} made version {version}, and the answer's ETag is {tag!r}. "
            "`change_parcel` returns the version, and `etag` spells it."
        )
    read = response.json()
    found = (read["id"], read["weight_g"], read["value"])
    assert found == (number, 900 + number, "5.10"), f"The answer was {read}."
    kept = rows("SELECT weight_g, value FROM parcels WHERE id = ?", number)
    assert kept == [(900 + number, 510)], (
        f"Parcel {number} was to weigh {900 + number} g and be worth 510 cents; kept "
        f"is {kept}."
    )
    by = rows("SELECT account_id FROM changes WHERE parcel_id = ?", number)
    assert set(by) == {311}, (
        f"Lena, account 311, made all changes; the table says {by}."
    )


async def test_a_bad_body_is_answered_422(
    client: httpx.AsyncClient, state: Callable[[], list[Any]]
) -> None:
    """A body that `ParcelUpdate` refuses is answered 422, and changes nothing."""
    was = state()
    for sent in ({"owner_id": 17}, {"weight_g": None}, {"weight_g": 0}, None):
        response = await client.patch(
            "/parcels/7", json=sent, headers={"If-Match": '"2"'}
        )
        assert response.status_code == 422, (
            f"PATCH with {sent} was answered {response.status_code} instead of 422. "
            "The body is a ParcelUpdate."
        )
    assert state() == was, "A body was answered 422, and something was changed."


# - Without an `If-Match` it is answered 428.
async def test_without_a_version_it_is_refused(
    client: httpx.AsyncClient, state: Callable[[], list[Any]], refused: Refused
) -> None:
    """Without an `If-Match` it is answered 428, whatever else was sent."""
    was = state()
    for headers in ({}, {"ETag": '"2"'}, {"If-None-Match": '"2"'}, {"If_Match": '"2"'}):
        response = await client.patch(
            "/parcels/7?if_match=2", json={"weight_g": 900}, headers=headers
        )
        refused(response, 428, f"PATCH /parcels/7 with the headers {headers}")
    assert state() == was, "It was answered 428, and something was changed."


# - If the `If-Match` names another version than the newest, or is no version, it is
# answered 412.
async def test_another_version_is_refused(
    client: httpx.AsyncClient, state: Callable[[], list[Any]], refused: Refused
) -> None:
    """Another version than the newest is answered 412, and nothing changes."""
    was = state()
    versions = ((7, 1), (7, 0), (7, 3), (8, 1), (9, 10), (9, 1), (9, 111))
    sending: list[dict[str, int]] = [{"weight_g": 900}, {}]
    for (number, seen), sent in product(versions, sending):
        response = await client.patch(
            f"/parcels/{number}", json=sent, headers={"If-Match": f'"{seen}"'}
        )
        newest = VERSIONS[number]
        what = f'The newest version is {newest}. PATCH {sent} with If-Match: "{seen}"'
        refused(response, 412, what)
        assert state() == was, f"{what} was answered 412, and something was changed."


async def test_what_is_no_version_is_refused(
    client: httpx.AsyncClient, state: Callable[[], list[Any]], refused: Refused
) -> None:
    """What is no version in double quotes is answered 412."""
    was = state()
    for tag in NOT_TAGS:
        header = {"If-Match": tag.encode("latin-1")}
        response = await client.patch(
            "/parcels/7", json={"weight_g": 900}, headers=header
        )
        short = (tag if len(tag) < 30 else f"{tag[:20]}…") or "nothing"
        refused(response, 412, f"A PATCH with If-Match: {short}, which is no version,")
        assert state() == was, f"If-Match: {short} was refused, and something changed."


async def test_a_version_has_up_to_18_digits(
    client: httpx.AsyncClient,
    keep: Callable[..., Awaitable[None]],
    change: Callable[..., Any],
) -> None:
    """A version of 18 digits counts, as any other."""
    newest = change(8, 1)
    newest.number = 10**17
    await keep(newest)
    response = await client.patch(
        "/parcels/8", json={"weight_g": 900}, headers={"If-Match": f'"{10**17}"'}
    )
    status = response.status_code
    assert status == 200, (
        f"The newest version of parcel 8 is {10**17}, of 18 digits. A PATCH with it "
        f"was answered {status} instead of 200."
    )


# - Whatever was refused has changed nothing.
async def test_of_two_with_one_version_one_wins(
    client: httpx.AsyncClient,
    refused: Refused,
    before: Callable[..., list[str]],
    rows: Callable[..., list[Any]],
) -> None:
    """Of two requests that have seen the same version, one is answered 412."""
    rival = (
        "INSERT INTO changes VALUES (7, 3, 311, '2026-03-02 09:00:00')",
        "UPDATE parcels SET weight_g = 4321 WHERE id = 7",
    )
    before("INSERT INTO changes", *rival)
    response = await client.patch(
        "/parcels/7", json={"weight_g": 900}, headers={"If-Match": '"2"'}
    )
    refused(response, 412, "Somebody else was faster by a moment, and this PATCH")
    kept = rows("SELECT weight_g FROM parcels WHERE id = 7")
    assert kept == [4321], f"The faster one's weight was 4321, and kept is {kept}."


# - A parcel that was scanned is answered 409.
async def test_a_parcel_on_its_way_is_refused(
    client: httpx.AsyncClient, state: Callable[[], list[Any]], refused: Refused
) -> None:
    """A parcel that was scanned is answered 409, and stays as it was."""
    was = state()
    sending: list[dict[str, int]] = [{"weight_g": 900}, {}]
    for sent in sending:
        headers = {"If-Match": '"1"'}
        response = await client.patch("/parcels/10", json=sent, headers=headers)
        refused(response, 409, f"A courier has scanned parcel 10, and PATCH {sent}")
        assert state() == was, (
            "A PATCH of a parcel on its way was answered 409, and parcels or changes "
            "are not as they were. An HTTPException has to leave the route: then the "
            "session rolls back."
        )


@pytest.mark.parametrize("words", ["INSERT INTO changes", "FROM changes"])
async def test_other_errors_go_on(
    client: httpx.AsyncClient,
    before: Callable[..., list[str]],
    crash: SimpleNamespace,
    words: str,
) -> None:
    """Other errors go on unchanged: they are no refusals."""
    before(words, "DROP TABLE changes")
    response = await client.patch(
        "/parcels/7", json={"weight_g": 900}, headers={"If-Match": '"2"'}
    )
    assert isinstance(crash.error, exc.OperationalError), (
        "The table `changes` was gone, and a PATCH was answered "
        f"{response.status_code}: {response.text}. A client can do nothing about that, "
        "and you should hear of it: catch StaleError and OnItsWayError, and nothing "
        "else."
    )


# - Somebody else's parcel is answered 404, whatever the `If-Match` says.
@pytest.mark.parametrize("who", [BOB, CEM, DORA])
async def test_somebody_elses_parcel_is_not_there(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    state: Callable[[], list[Any]],
    refused: Refused,
    who: str,
) -> None:
    """Somebody else's parcel is answered 404, whatever the `If-Match` says."""
    was = state()
    asking["email"] = who
    for number in (7, 8, 10, 404):
        for tag in ('"2"', '"0"', '"1"', '"9"', "*"):
            response = await client.patch(
                f"/parcels/{number}", json={"weight_g": 9}, headers={"If-Match": tag}
            )
            what = f"{who} sent a PATCH of parcel {number}, which isn't theirs. It"
            refused(response, 404, what)
    assert state() == was, f"{who} has changed something of Lena's."


# - `list_changes`, which is given, stays as it is.
async def test_changes_can_be_read(
    client: httpx.AsyncClient, asking: dict[str, str]
) -> None:
    """`list_changes` says who changed an own parcel and when, a page at a time."""
    found = await client.get("/parcels/9/changes", params={"limit": 3, "after": 4})
    assert found.status_code == 200, f"The changes of parcel 9: {found.text}"
    changes = [(str(one["number"]), one["by"], one["at"]) for one in found.json()]
    wanted = [(str(n), LENA, f"2026-03-02T{9 + n:02}:30:00Z") for n in (5, 6, 7)]
    assert changes == wanted, f"?limit=3&after=4 brought {changes}."
    found = await client.get("/parcels/9/changes", params={"limit": 101})
    assert found.status_code == 422, f"?limit=101 was answered {found.status_code}."
    asking["email"] = BOB
    found = await client.get("/parcels/9/changes")
    assert found.status_code == 404, f"Bob reads Lena's changes: {found.text}"
