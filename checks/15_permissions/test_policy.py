"""Checks of permissions.policy: what the table allows, and nothing else."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Security

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.tables import Account

Answered = Callable[..., None]
COURIERS = {"parcels:list", "scans:read", "scans:add"}
TABLE = {
    "lena": set[str](),
    "cem": COURIERS,
    "dora": COURIERS
    | {"parcels:any", "parcels:assign", "accounts:change", "keys:change"},
}
ACTIONS = sorted(TABLE["dora"])
NONSENSE = (
    "parcels:burn",
    "parcels",
    "scans:",
    ":",
    "",
    "PARCELS:LIST",
    "scans:add-all",
    "*",
)
ROUTES = {
    "/list": ["parcels:list"],
    "/assign": ["parcels:assign"],
    "/both": ["scans:add", "accounts:change"],
    "/both-again": ["accounts:change", "scans:add"],
    "/three": ["scans:add", "parcels:burn", "scans:read"],
    "/burn": ["parcels:burn"],
    "/none": [],
}


@pytest.fixture
def app(mount: Callable[..., FastAPI]) -> FastAPI:
    """An app with a route for each list of scopes; it answers with who is asking."""
    from waybill.policy import permitted
    from waybill.tables import Account

    router = APIRouter()

    def add(path: str, scopes: list[str]) -> None:
        @router.get(path)
        async def route(
            account: Annotated[Account, Security(permitted, scopes=scopes)],
        ) -> int:
            return account.id

    for path, scopes in ROUTES.items():
        add(path, scopes)
    return mount(router)


# - `may(account, action)` says whether the table `MAY` allows it.
@pytest.mark.parametrize("name", TABLE)
async def test_the_table_decides(known: "dict[str, Account]", name: str) -> None:
    """What `MAY` allows a role, `may` allows, and nothing else."""
    from waybill.policy import may

    for action in ACTIONS:
        said, wanted = may(known[name], action), action in TABLE[name]
        assert bool(said) is wanted, (
            f"{name.title()} is a {known[name].role}, and may(account, {action!r}) "
            f"returned {said!r} instead of {wanted}."
        )


@pytest.mark.parametrize("action", NONSENSE)
async def test_an_unknown_action_is_refused(
    known: "dict[str, Account]", action: str
) -> None:
    """An action that no role has is refused, to everybody."""
    from waybill.policy import may

    for name in TABLE:
        assert not may(known[name], action), (
            f"No role may do {action!r}, and may(…, {action!r}) let a "
            f"{known[name].role} do it."
        )


async def test_a_role_without_a_line_is_refused(
    known: "dict[str, Account]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role without a line in the table may do nothing."""
    from waybill import policy
    from waybill.tables import Role

    monkeypatch.delitem(policy.MAY, Role.COURIER)
    try:
        said = policy.may(known["cem"], "scans:add")
    except KeyError:
        raise AssertionError(
            "A role without a line in MAY made `may` raise a KeyError, which is a 500 "
            "for a client. `MAY.get(role, set())` is empty where there is no line."
        ) from None
    assert not said, "A role without a line in MAY was allowed to do something."


async def test_the_table_is_read_each_time(
    known: "dict[str, Account]", table: Callable[..., None]
) -> None:
    """`may` asks the table, and knows no role by name."""
    from waybill.policy import may

    table("courier", add="parcels:any")
    table("dispatcher", drop="parcels:any")
    assert may(known["cem"], "parcels:any"), (
        "MAY allowed couriers 'parcels:any', and `may` refused it. Ask the table."
    )
    assert not may(known["dora"], "parcels:any"), (
        "MAY allowed dispatchers 'parcels:any' no longer, and `may` let them."
    )


# - `permitted` returns the account that is asking, if it may do all that the route
# needs.
@pytest.mark.parametrize(
    ("name", "path"),
    [("cem", "/list"), ("dora", "/list"), ("dora", "/assign"), ("dora", "/both")],
)
async def test_who_may_passes(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    ids: dict[str, int],
    answered: Answered,
    name: str,
    path: str,
) -> None:
    """Whoever may do all that a route needs passes, and the route gets the account."""
    asking["name"] = name
    response = await client.get(path)
    what = f"{name.title()} asked a route that needs {ROUTES[path]}, and"
    answered(response, 200, what)
    assert response.json() == ids[name], (
        f"{what} the route was handed account {response.json()}; {name.title()}'s is "
        f"{ids[name]}. `permitted` returns the account."
    )


# - Otherwise it answers 403.
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("lena", "/list"),
        ("lena", "/assign"),
        ("cem", "/assign"),
        ("cem", "/both"),
        ("cem", "/both-again"),
        ("cem", "/three"),
        ("dora", "/three"),
        ("dora", "/burn"),
    ],
)
async def test_who_may_not_is_refused(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    answered: Answered,
    name: str,
    path: str,
) -> None:
    """Whoever lacks one of the scopes is answered 403."""
    asking["name"] = name
    response = await client.get(path)
    advice = {
        200: "`needed.scopes` is a list: each of them has to be allowed.",
        401: "They have signed in; it is their role that isn't enough.",
        404: "The route is there, and the docs name it.",
    }
    what = f"{name.title()} asked a route that needs {ROUTES[path]}, and"
    answered(response, 403, what, advice.get(response.status_code, ""))


# - A route that names no scope lets nobody pass.
@pytest.mark.parametrize("name", TABLE)
async def test_no_scope_lets_nobody_pass(
    client: httpx.AsyncClient, asking: dict[str, str], answered: Answered, name: str
) -> None:
    """A route that names no scope lets nobody pass."""
    asking["name"] = name
    what = (
        f"{name.title()} asked a route with `Security(permitted)`, without scopes, and"
    )
    advice = "`all` of nothing is true: look whether there are scopes at all."
    answered(await client.get("/none"), 403, what, advice)


# - Whoever isn't signed in gets a 401, before anything else.
@pytest.mark.parametrize("path", ["/list", "/burn", "/none"])
async def test_nobody_gets_a_401(
    client: httpx.AsyncClient, asking: dict[str, str], answered: Answered, path: str
) -> None:
    """Whoever isn't signed in gets a 401, whatever the route needs."""
    asking["name"] = "nobody"
    advice = "CurrentAccount comes first: it asks who it is."
    answered(await client.get(path), 401, f"GET {path} without a token", advice)


# - A changed role counts from the next request on, with the same token.
async def test_a_changed_role_counts_at_once(
    client: httpx.AsyncClient,
    asking: dict[str, str],
    answered: Answered,
    sessions: "async_sessionmaker[AsyncSession]",
) -> None:
    """A changed role counts from the next request on, in both directions."""
    from sqlalchemy import update

    from waybill.tables import Account, Role

    asking["name"] = "cem"
    answers: list[Any] = []
    for role, status in (("sender", 403), ("dispatcher", 200), ("courier", 403)):
        async with sessions.begin() as session:
            cem = update(Account).where(Account.email == "cem@example.com")
            await session.execute(cem.values(role=Role(role)))
        response = await client.get("/assign")
        answers.append(response.status_code)
        what = f"Cem became a {role}, asked a route for dispatchers, and"
        answered(response, status, what, "Remember nothing from request to request.")
