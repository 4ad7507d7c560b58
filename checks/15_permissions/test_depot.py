"""Checks of permissions.depot: what a scanner's key opens, and what is noted of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from waybill.tables import Parcel

Answered = Callable[..., None]
Rows = Callable[..., list[Any]]
SCAN = {"tracking_code": "WB7", "kind": "arrived", "at": "2026-03-02T09:00:00Z"}
PREFIXES = {"BER": "b" * 16, "HAM": "a" * 16, "AMS": "c" * 16}
KEYS = {depot: f"wb_{prefix}_{depot * 14}z" for depot, prefix in PREFIXES.items()}
"""The keys of three depots; AMS' is revoked."""


def shown(key: str) -> dict[str, str]:
    """Return the headers of who shows a key, or a token."""
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
async def app(
    keep: Callable[..., Awaitable[None]],
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    parcel: "Callable[..., Parcel]",
    mount: Callable[..., FastAPI],
    asking: dict[str, str],
) -> FastAPI:
    """An app with two parcels and the keys; nobody has signed in."""
    from waybill import dispatch
    from waybill.tables import ApiKey

    await keep(parcel(7), parcel(8))
    for depot, key in KEYS.items():
        digest = sha256(key.encode()).hexdigest()
        row = ApiKey(prefix=PREFIXES[depot], hash=digest, depot=depot)
        row.revoked_at = datetime(2026, 3, 1, tzinfo=UTC) if depot == "AMS" else None
        await keep(row)
    asking["name"] = "nobody"
    return mount(dispatch.router, dispatch.scanners)


@pytest.fixture
def used(rows: Rows) -> Callable[[str], Any]:
    """Return a function that reads when a depot's key was last used."""
    query = "SELECT last_used FROM api_keys WHERE depot = ?"
    return lambda depot: rows(query, depot)[0]


# - `POST /scans` with a key adds a scan of the parcel with this `tracking_code`.
@pytest.mark.parametrize("depot", ["BER", "HAM"])
async def test_a_scanner_scans(
    client: httpx.AsyncClient, rows: Rows, answered: Answered, depot: str
) -> None:
    """A key adds a scan at its own depot."""
    for number in (8, 7):
        sent = SCAN | {"tracking_code": f"WB{number}", "weight_g": 812}
        response = await client.post("/scans", json=sent, headers=shown(KEYS[depot]))
        answered(response, 201, f"A scanner of {depot} sent {sent}, and")
    found = rows("SELECT parcel_id, depot, kind, weight_g FROM scans ORDER BY id")
    wanted = [(8, depot, "ARRIVED", 812), (7, depot, "ARRIVED", 812)]
    assert found == wanted, f"A scanner of {depot} scanned 8 and 7; kept is {found}."


async def test_what_a_scanner_can_not_say(
    client: httpx.AsyncClient, rows: Rows, answered: Answered
) -> None:
    """No body says the depot; a code that nobody has is answered 404."""
    for more, status in (
        ({"depot": "HAM"}, 422),
        ({"parcel_id": 8}, 422),
        ({"tracking_code": "WB99"}, 404),
        ({"tracking_code": "WB%"}, 422),
    ):
        sent = SCAN | more
        response = await client.post("/scans", json=sent, headers=shown(KEYS["BER"]))
        answered(response, status, f"A scanner sent {sent}, and")
    assert rows("SELECT count(*) FROM scans") == [0]


# - Without a key that `find_key` returns, it answers 401 with `WWW-Authenticate:
# Bearer`.
@pytest.mark.parametrize(
    "proof",
    [
        "",
        "Bearer",
        "Bearer wrong",
        f"Bearer {KEYS['AMS']}",
        f"Bearer {KEYS['BER'][:-1]}",
        f"Basic {KEYS['BER']}",
        KEYS["BER"],
    ],
)
async def test_without_a_key(
    client: httpx.AsyncClient,
    rows: Rows,
    answered: Answered,
    used: Callable[[str], Any],
    proof: str,
) -> None:
    """Without a key that is in use, it answers 401 and says what it wants."""
    headers = {"Authorization": proof} if proof else {}
    headers["X-API-Key"] = KEYS["BER"]  # nobody looks there
    for sent in (SCAN, {}):
        url = f"/scans?key={KEYS['BER']}"
        response = await client.post(url, json=sent, headers=headers)
        said = f"showed {proof.replace(KEYS['BER'], '(a key)')!r}"
        said = said if proof else "showed nothing there"
        what = f"A scanner that {said} sent {sent}, and"
        answered(response, 401, what, "A 401 says: prove who you are.")
        wanted = response.headers.get("WWW-Authenticate")
        assert wanted == "Bearer", f"{what} WWW-Authenticate was {wanted!r}."
    assert rows("SELECT count(*) FROM scans") == [0], "A scan was kept all the same."
    assert [used(depot) for depot in KEYS] == [None] * 3, (
        "A key was refused, and its `last_used` was set."
    )


# - A token of an account is no key, and a key is no token: it opens no other route.
async def test_a_key_is_no_token(
    client: httpx.AsyncClient, app: FastAPI, ids: dict[str, int], answered: Answered
) -> None:
    """A dispatcher's token opens no scanner's route, and a key opens no other one."""
    from pydantic import SecretStr

    from waybill.settings import Settings
    from waybill.tables import now
    from waybill.tokens import issue_token

    secret = SecretStr("k" * 40)
    app.dependency_overrides.clear()
    app.state.settings = Settings(environment="development", secret_key=secret)
    token = issue_token(ids["dora"], secret, now())
    response = await client.post("/scans", json=SCAN, headers=shown(token))
    answered(response, 401, "A dispatcher's token was shown in place of a key, and")
    for method, path in (
        ("GET", "/dispatch/parcels"),
        ("GET", "/dispatch/keys"),
        ("POST", "/dispatch/keys"),
        ("PATCH", "/dispatch/accounts/17"),
    ):
        response = await client.request(
            method, path, json={}, headers=shown(KEYS["BER"])
        )
        answered(response, 401, f"{method} {path} with a depot's key")


# - `last_used` is set in a transaction of its own, which has ended before the route
# begins.
async def test_it_is_set_before_the_route(
    client: httpx.AsyncClient,
    app: FastAPI,
    engine: "AsyncEngine",
    used: Callable[[str], Any],
) -> None:
    """When a route begins, others see `last_used`, and no connection is held."""
    from waybill.dispatch import depot_key
    from waybill.tables import ApiKey

    seen: list[Any] = []

    @app.get("/probe")
    async def probe(key: Annotated[ApiKey, Depends(depot_key)]) -> str:
        seen.append((key.depot, used("BER"), engine.pool.checkedout()))  # type: ignore[attr-defined]
        raise HTTPException(418)

    await client.get("/probe", headers=shown(KEYS["BER"]))
    assert seen, "A key was shown to another route, which never began."
    depot, at, held = seen[0]
    assert depot == "BER", f"The route was handed the key of {depot!r}."
    assert at is not None, (
        "When the route began, other connections saw no `last_used`. Set it in "
        "`async with sessions.begin() as session:`, which commits at its end."
    )
    assert held == 0, f"When the route began, {held} connection was still held."
    assert used("BER") is not None, "The route failed, and `last_used` was lost."
    assert used("HAM") is None, "The key of another depot was set, too."


async def test_it_stays_when_a_scan_is_refused(
    client: httpx.AsyncClient, answered: Answered, used: Callable[[str], Any]
) -> None:
    """`last_used` stays when the scan is refused."""
    before = datetime.now(UTC)
    sent = SCAN | {"tracking_code": "WB99"}
    response = await client.post("/scans", json=sent, headers=shown(KEYS["HAM"]))
    answered(response, 404, "A scanner scanned what isn't there, and")
    assert used("HAM") is not None, (
        "A scan was refused with 404, and `last_used` is empty: the request rolled it "
        "back. A session of its own isn't rolled back with the request's."
    )
    found = datetime.fromisoformat(used("HAM")).replace(tzinfo=UTC)
    assert before <= found <= datetime.now(UTC), f"`last_used` says {found}, in UTC."


# - Within `QUIET`, a minute, it isn't set again.
@pytest.mark.parametrize(
    ("ago", "again"), [(30, False), (61, True), (3600, True), (86_410, True)]
)
async def test_it_is_set_once_a_minute(
    client: httpx.AsyncClient,
    keep: Callable[..., Awaitable[None]],
    used: Callable[[str], Any],
    ago: int,
    again: bool,
) -> None:
    """A `last_used` that is younger than a minute isn't written again."""
    from waybill.tables import ApiKey

    key = f"wb_{'d' * 16}_{'d' * 43}"
    row = ApiKey(prefix="d" * 16, hash=sha256(key.encode()).hexdigest(), depot="XYZ")
    row.last_used = datetime.now(UTC) - timedelta(seconds=ago)
    await keep(row)
    before = used("XYZ")
    await client.post("/scans", json=SCAN, headers=shown(key))
    written = used("XYZ") != before
    assert written is again, (
        f"A key was used {ago} seconds ago and is used again: its `last_used` was "
        f"{'' if written else 'not '}written. QUIET is a minute."
    )


# - Dispatchers make, list and revoke keys, with routes that are given.
async def test_dispatchers_look_after_keys(
    client: httpx.AsyncClient, asking: dict[str, str], answered: Answered
) -> None:
    """Dispatchers make, list and revoke keys; a key is shown once."""
    asking["name"] = "dora"
    response = await client.post("/dispatch/keys", json={"depot": "WAW"})
    answered(response, 201, "Dora asked for a key of WAW, and")
    assert response.headers.get("Cache-Control") == "no-store"
    made = response.json()
    response = await client.post("/scans", json=SCAN, headers=shown(made["key"]))
    answered(response, 201, "A key that Dora had made was used, and")
    assert response.json()["depot"] == "WAW"
    listed = await client.get("/dispatch/keys")
    (found,) = [one for one in listed.json() if one["depot"] == "WAW"]
    assert {*found} == {"prefix", "depot", "last_used", "revoked_at"}, found
    assert found["last_used"], f"The key was used, and the list says {found}."
    assert found["revoked_at"] is None, found
    assert made["key"] not in listed.text, "A key is shown once, and the list shows it."
    url = f"/dispatch/keys/{made['prefix']}"
    answered(await client.delete(url), 204, "Dora revoked the key, and it")
    again = await client.post("/scans", json=SCAN, headers=shown(made["key"]))
    answered(again, 401, "The key was revoked and used once more, and")
    times = [await revoked(client, "WAW")]
    answered(await client.delete(url), 204, "Dora revoked the key again, and it")
    times.append(await revoked(client, "WAW"))
    assert times[0] == times[1] is not None, f"Revoked twice, it says {times}."
    url = f"/dispatch/keys/{'f' * 16}"
    answered(await client.delete(url), 404, "A key that isn't there")


async def revoked(client: httpx.AsyncClient, depot: str) -> object:
    """Return when a depot's key was revoked, as the list says."""
    listed = (await client.get("/dispatch/keys")).json()
    return next(one["revoked_at"] for one in listed if one["depot"] == depot)


@pytest.mark.parametrize("name", ["lena", "cem"])
async def test_nobody_else_does(
    client: httpx.AsyncClient, asking: dict[str, str], answered: Answered, name: str
) -> None:
    """Senders and couriers neither make nor see nor revoke keys."""
    asking["name"] = name
    for method, path in (
        ("POST", "/dispatch/keys"),
        ("GET", "/dispatch/keys"),
        ("DELETE", f"/dispatch/keys/{PREFIXES['BER']}"),
    ):
        response = await client.request(method, path, json={"depot": "BER"})
        answered(response, 403, f"{method} {path} as {name.title()}")
    asking["name"] = "nobody"
    response = await client.post("/scans", json=SCAN, headers=shown(KEYS["BER"]))
    answered(response, 201, "A key that others tried to revoke")
