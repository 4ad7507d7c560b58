"""Checks of permissions.accounts: who changes which account, and what of it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Answered = Callable[..., None]
Rows = Callable[..., list[Any]]
FORBIDDEN = (
    {"email": "a@b.example"},
    {"id": 1},
    {"is_active": True},
    {"hash": "x"},
    {"role": None},
    {"active": None},
    {"role": "admin"},
    {"role": "COURIER"},
    {"role": ""},
    {"active": "perhaps"},
    {"role": "courier", "email": "a@b.example"},
    {"active": False, "role": None},
)


@pytest.fixture
def app(mount: Callable[..., FastAPI], asking: dict[str, str]) -> FastAPI:
    """An app with the routes; Dora asks, unless a check says otherwise."""
    from waybill import dispatch

    asking["name"] = "dora"
    return mount(dispatch.router)


@pytest.fixture
def state(rows: Rows) -> Callable[[], list[Any]]:
    """Return a function that reads all accounts that are committed."""
    return lambda: rows("SELECT id, email, role, active FROM accounts ORDER BY id")


# - `PATCH /dispatch/accounts/{account_id}` needs the scope `"accounts:change"`.
@pytest.mark.parametrize("name", ["lena", "cem"])
@pytest.mark.parametrize("number", [311, 23, 17, 22, 99_999])
async def test_nobody_else_changes_an_account(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    answered: Answered,
    state: Callable[[], list[Any]],
    name: str,
    number: int,
) -> None:
    """A sender or a courier changes no account, not even their own."""
    asking["name"] = name
    before = state()
    for sent in ({"role": "dispatcher"}, {"active": True}, {}):
        response = await client.patch(f"/dispatch/accounts/{number}", json=sent)
        what = f"{name.title()} sent account {number} {sent}, and"
        advice = "The route needs a scope, and your own account is no exception."
        answered(response, 403, what, advice)
    assert state() == before, f"{name.title()} was answered 403, and changed something."


async def test_the_table_is_asked(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    answered: Answered,
    table: Callable[..., None],
) -> None:
    """It is the table that is asked for `accounts:change`, and no role."""
    table("dispatcher", drop="accounts:change")
    sent = {"role": "courier", "active": True}
    response = await client.patch("/dispatch/accounts/17", json=sent)
    what = "MAY allowed dispatchers 'accounts:change' no longer, Dora asked, and"
    answered(response, 403, what, "Security(permitted, scopes=[…]) asks the table.")
    table("courier", add="accounts:change")
    asking["name"] = "kim"
    response = await client.patch("/dispatch/accounts/17", json=sent)
    answered(response, 200, "MAY allowed couriers 'accounts:change', Kim asked, and")


async def test_nobody_gets_a_401(
    client: httpx.AsyncClient, asking: dict[str, str], answered: Answered
) -> None:
    """Whoever isn't signed in gets a 401."""
    asking["name"] = "nobody"
    response = await client.patch("/dispatch/accounts/17", json={"active": True})
    answered(response, 401, "PATCH /dispatch/accounts/17 without a token")


# - It changes `role` and `active`.
@pytest.mark.parametrize(
    ("number", "sent", "row"),
    [
        (311, {"role": "courier"}, ("COURIER", 1)),
        (23, {"role": "sender", "active": False}, ("SENDER", 0)),
        (41, {"active": False}, ("COURIER", 0)),
        (41, {"role": "courier", "active": True}, ("COURIER", 1)),
        (57, {"active": True}, ("COURIER", 1)),
        (57, {"role": "sender"}, ("SENDER", 0)),
        (17, {"role": "dispatcher"}, ("DISPATCHER", 1)),
        (902, {"role": "sender"}, ("SENDER", 1)),
        (57, {}, ("COURIER", 0)),
    ],
)
async def test_what_is_sent_changes(
    client: httpx.AsyncClient,
    answered: Answered,
    state: Callable[[], list[Any]],
    number: int,
    sent: dict[str, Any],
    row: tuple[str, int],
) -> None:
    """What is sent changes, what is left out stays, and no other account changes."""
    before = {one[0]: one for one in state()}
    response = await client.patch(f"/dispatch/accounts/{number}", json=sent)
    answered(response, 200, f"Dora sent account {number} {sent}, and")
    after = {one[0]: one for one in state()}
    assert after.pop(number)[2:] == row, (
        f"Dora sent account {number} {sent}. Its role and `active` should be {row} in "
        f"the table, and the table says {state()}."
    )
    assert before.pop(number)
    assert after == before, f"Dora sent account {number} {sent}, and others changed."


# - Everything else is answered 422: another field, null, a role that doesn't exist.
@pytest.mark.parametrize("sent", FORBIDDEN)
async def test_everything_else_is_refused(
    client: httpx.AsyncClient,
    answered: Answered,
    state: Callable[[], list[Any]],
    sent: dict[str, Any],
) -> None:
    """Another field, null, and a role that doesn't exist are answered 422."""
    before = state()
    response = await client.patch("/dispatch/accounts/311", json=sent)
    advice = "The model is the list of what may be set; RequestModel refuses the rest."
    if None in sent.values():
        advice = "`| None` lets null in; `| MISSING` doesn't."
    answered(response, 422, f"Dora sent account 311 {sent}, and", advice)
    assert state() == before, f"Dora sent {sent}, read a 422, and something changed."


# - Whoever wants to change their own account is answered 409.
@pytest.mark.parametrize(
    "sent",
    [
        {"role": "sender"},
        {"active": False},
        {"role": "dispatcher", "active": False},
        {},
    ],
)
async def test_not_your_own_account(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    ids: dict[str, int],
    answered: Answered,
    state: Callable[[], list[Any]],
    sent: dict[str, Any],
) -> None:
    """A dispatcher who asks for their own account is answered 409."""
    before = state()
    for name in ("dora", "dana"):
        asking["name"] = name
        response = await client.patch(f"/dispatch/accounts/{ids[name]}", json=sent)
        answered(response, 409, f"{name.title()} sent their own account {sent}, and")
    assert state() == before, "A dispatcher was answered 409, and something changed."


# - An account that doesn't exist is answered 404.
async def test_an_unknown_account(
    client: httpx.AsyncClient, answered: Answered
) -> None:
    """An account that doesn't exist is answered 404; an impossible id, 422."""
    for number, status in ((99_999, 404), (2**63 - 1, 404), (2**63, 422), (0, 422)):
        url = f"/dispatch/accounts/{number}"
        response = await client.patch(url, json={"active": True})
        answered(response, status, f"Dora asked for account {number}, and")


# - The answer has `id`, `email`, `role` and `active`.
async def test_the_answer(client: httpx.AsyncClient, answered: Answered) -> None:
    """The answer has the account as it is now, and no other field."""
    sent = {"role": "courier", "active": False}
    response = await client.patch("/dispatch/accounts/17", json=sent)
    answered(response, 200, f"Dora sent account 17 {sent}, and")
    wanted = {"id": 17, "email": "bob@example.com"} | sent
    assert response.json() == wanted, (
        f"Account 17 is now {wanted}, and the answer says {response.json()}."
    )
