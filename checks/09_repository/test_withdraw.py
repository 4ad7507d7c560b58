"""Checks of repository.withdraw: a parcel goes whole, or stays."""

from collections.abc import Awaitable, Callable
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
VERSIONS = {7: 2, 8: 0, 9: 11, 10: 1, 11: 0}
SCANNED = (10, 11)
WHO = (LENA, DORA)
"""Who made the changes, in turn."""
SCAN = (
    "INSERT INTO scans (parcel_id, depot, kind, at)"
    " VALUES (7, 'HAM', 'ARRIVED', '2026-03-02 10:00:00')"
)
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
    """An app with Lena's parcels; a courier has scanned 10 and 11."""
    from waybill import operations

    for number, version in VERSIONS.items():
        await keep(
            parcel(number), *[change(number, i + 1, WHO[i % 2]) for i in range(version)]
        )
    await keep(*[scan(number, number) for number in SCANNED])
    return mount(operations.router)


@pytest.fixture
def state(rows: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Return a function that reads what is committed, but for one parcel."""

    def state(without: int = 0) -> list[Any]:
        parcels = 'SELECT id, "to", weight_g FROM parcels WHERE id <> ? ORDER BY 1'
        changes = "SELECT parcel_id, number FROM changes WHERE parcel_id <> ?"
        scans = "SELECT id, parcel_id FROM scans WHERE parcel_id <> ? ORDER BY 1"
        found = [rows(query, without) for query in (parcels, changes, scans)]
        return [*found[0], *sorted(found[1]), *found[2]]

    return state


# - A parcel that is withdrawn is answered 204, and is gone, with its changes.
@pytest.mark.parametrize("number", [7, 8])
async def test_a_parcel_goes_with_its_changes(
    client: httpx.AsyncClient,
    crash: SimpleNamespace,
    refused: Refused,
    rows: Callable[..., list[Any]],
    state: Callable[..., list[Any]],
    number: int,
) -> None:
    """A withdrawn parcel is gone, with its changes; what is of others stays."""
    others = state(without=number)
    headers = {"If-Match": f'"{VERSIONS[number]}"'}
    response = await client.delete(f"/parcels/{number}", headers=headers)
    assert response.status_code == 204, (
        f"Lena withdrew parcel {number}, of which she has seen the newest version, "
        f"{VERSIONS[number]}, and was answered {response.status_code}. {crash.told()}"
    )
    assert not response.content, f"A 204 has no body, and this one has {response.text}."
    left = rows("SELECT id FROM parcels WHERE id = ?", number)
    left += rows("SELECT number FROM changes WHERE parcel_id = ?", number)
    assert not left, f"Of parcel {number} this is left: {left}."
    now = state(without=number)
    gone = [row for row in others if row not in now]
    assert not len(gone), (
        f"Parcel {number} was withdrawn, and {len(gone)} rows of other parcels went "
        "with it. A `delete` needs its `where`."
    )
    assert now == others, f"Of other parcels there was {others}, and now there is {now}"
    response = await client.delete(f"/parcels/{number}", headers=headers)
    refused(response, 404, "The parcel is gone; withdrawn once more, it")


# - `If-Match` works as it does for a PATCH: 428 without it, and 412 for anything but
# the newest version.
async def test_only_the_newest_version_counts(
    client: httpx.AsyncClient, refused: Refused, state: Callable[..., list[Any]]
) -> None:
    """Without an `If-Match` it is 428; with anything but the newest version, 412."""
    was = state()
    for number, tag, status in (
        *((7, None, 428), (8, None, 428), (7, '"1"', 412), (7, '"3"', 412)),
        *((8, '"1"', 412), (9, '"10"', 412), (7, "2", 412), (7, 'W/"2"', 412)),
    ):
        headers = {"If-Match": tag} if tag else {}
        response = await client.delete(f"/parcels/{number}", headers=headers)
        newest = VERSIONS[number]
        what = f"DELETE of parcel {number}, version {newest}, with If-Match: {tag},"
        refused(response, status, what)
        assert state() == was, f"{what} was answered {status}, and something is gone."


# - Whatever was refused has changed nothing.
async def test_a_faster_change_is_noticed(
    client: httpx.AsyncClient,
    refused: Refused,
    before: Callable[..., list[str]],
    rows: Callable[..., list[Any]],
) -> None:
    """If somebody changes the parcel at the same moment, it stays."""
    rival = "INSERT INTO changes VALUES (7, 3, 311, '2026-03-02 09:00:00')"
    done = before("INSERT INTO changes", rival)
    response = await client.delete("/parcels/7", headers={"If-Match": '"2"'})
    assert done, (
        "DELETE with the newest version took no version of its own. Without `claim`, a "
        "PATCH at the same moment would find that its parcel is gone."
    )
    refused(response, 412, "A PATCH was faster by a moment, and the DELETE")
    kept = rows("SELECT number FROM changes WHERE parcel_id = 7 ORDER BY 1")
    assert kept == [1, 2, 3], f"Parcel 7 has the changes {kept} now."


# - A parcel that was scanned is answered 409, even if the scan came at the last moment.
@pytest.mark.parametrize("number", SCANNED)
async def test_a_parcel_on_its_way_stays(
    client: httpx.AsyncClient,
    refused: Refused,
    state: Callable[..., list[Any]],
    number: int,
) -> None:
    """A parcel that was scanned is answered 409, and stays with all that it has."""
    was = state()
    headers = {"If-Match": f'"{VERSIONS[number]}"'}
    response = await client.delete(f"/parcels/{number}", headers=headers)
    refused(response, 409, f"A courier has scanned parcel {number}, and its DELETE")
    assert state() == was, (
        f"The DELETE of parcel {number} was answered 409, and something is missing or "
        "new. An exception has to leave the route: then the session rolls back."
    )


async def test_a_scan_at_the_last_moment_counts(
    client: httpx.AsyncClient,
    refused: Refused,
    before: Callable[..., list[str]],
    rows: Callable[..., list[Any]],
) -> None:
    """A scan that comes before the first write counts as well."""
    before("INSERT INTO changes", SCAN)
    response = await client.delete("/parcels/7", headers={"If-Match": '"2"'})
    refused(response, 409, "A courier scanned the parcel a moment ago, and its DELETE")
    assert rows("SELECT depot FROM scans WHERE parcel_id = 7") == ["HAM"]


@pytest.mark.parametrize("words", ["INSERT INTO changes", "FROM changes"])
async def test_other_errors_go_on(
    client: httpx.AsyncClient,
    before: Callable[..., list[str]],
    crash: SimpleNamespace,
    words: str,
) -> None:
    """Other errors go on unchanged: they are no refusals."""
    before(words, "DROP TABLE changes")
    response = await client.delete("/parcels/7", headers={"If-Match": '"2"'})
    assert isinstance(crash.error, exc.OperationalError), (
        f"The table `changes` was gone, and a DELETE was answered "
        f"{response.status_code}: {response.text}. A client can do nothing about that, "
        "and you should hear of it: catch StaleError and IntegrityError, and nothing "
        "else."
    )


# - Somebody else's parcel is answered 404.
@pytest.mark.parametrize("who", [BOB, CEM, DORA])
async def test_somebody_elses_parcel_is_not_there(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    refused: Refused,
    state: Callable[..., list[Any]],
    who: str,
) -> None:
    """Somebody else's parcel is answered 404, and stays."""
    was = state()
    asking["email"] = who
    for number, version in [*VERSIONS.items(), (404, 0)]:
        response = await client.delete(
            f"/parcels/{number}", headers={"If-Match": f'"{version}"'}
        )
        refused(response, 404, f"{who} sent DELETE for parcel {number}. It")
    assert state() == was, f"{who} has deleted something of Lena's."
