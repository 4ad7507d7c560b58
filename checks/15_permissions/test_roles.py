"""Checks of permissions.roles: the learner's file is run on Waybill, and on others.

Most of them have few routes, so that a run is short: some of Waybill's, and a hole.
"""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Response, WebSocket
from fastapi.requests import HTTPConnection, Request
from fastapi.routing import iter_route_contexts

if TYPE_CHECKING:
    from waybill.tables import Account

Plant = Callable[[FastAPI], None]
Run = Callable[..., SimpleNamespace]
EARLIER = re.compile(
    r"(/v1)?/(accounts|carriers|depots|dispatch|health|logout|me|parcels|quotes|rates"
    r"|scans|token)\b(?!.*/(events|days))"
)
"""Where routes stand that a table has; it needn't have those of later lessons."""
TOKEN, DISPATCH = "/v1/me", "/v1/dispatch/parcels"
ASSIGN = "/v1/dispatch/parcels/{parcel_id}/courier"


def up_to_here(app: FastAPI) -> None:
    """Plant all routes of Waybill, but those of later lessons."""
    from waybill import health
    from waybill.api import api

    app.include_router(health.router)
    for route in api.routes:
        found = [str(one.path) for one in iter_route_contexts([route])]
        if all(map(EARLIER.match, found)):
            app.router.routes.append(route)


def few(app: FastAPI) -> None:
    """Plant some of Waybill's routes, among them one for each caller."""
    from waybill import dispatch, health
    from waybill.dependencies import current_account

    app.include_router(health.router)
    small = APIRouter(prefix="/v1")
    small.add_api_route("/me", answer, dependencies=[Depends(current_account)])
    for router in (dispatch.router, dispatch.scanners):
        small.include_router(router)
    app.include_router(small)


async def answer() -> str:
    """Answer anybody."""
    return "for anybody"


def open_to_all(path: str, method: str = "GET", status: int = 200) -> Plant:
    """Return a plant: a route in a router in a router, open to anybody."""

    async def endpoint() -> str:
        if status != 200:
            raise HTTPException(status)
        return await answer()

    def plant(app: FastAPI) -> None:
        inner, outer = APIRouter(), APIRouter(prefix="/v1")
        inner.add_api_route(path, endpoint, methods=[method], include_in_schema=False)
        outer.include_router(inner)
        app.include_router(outer)

    return plant


def for_accounts(app: FastAPI) -> None:
    """Plant a route for whoever has signed in."""
    from waybill.dependencies import current_account

    guard = [Depends(current_account)]
    app.add_api_route("/v1/labels", answer, dependencies=guard)


def for_nobody(app: FastAPI) -> None:
    """Plant routes that nobody may use, and a WebSocket."""

    async def refuse() -> None:
        raise HTTPException(403)

    app.add_api_route("/v1/vault/{number:int}/{name:path}", refuse, methods=["PUT"])

    @app.websocket("/v1/live")
    async def live(_socket: WebSocket) -> None: ...


def passing(who: str) -> Plant:
    """Return a plant: whoever shows a key, or nothing, passes for a sender."""

    async def anybody(connection: HTTPConnection) -> "Account":
        from waybill.dependencies import current_account
        from waybill.tables import Account

        shown = connection.headers.get("authorization", "")
        if (who == "nobody" and not shown) or (who == "depot" and "wb_" in shown):
            return Account(id=1, email="anybody@example.com")
        token = shown.removeprefix("Bearer ")
        state = connection.app.state
        async with state.sessions() as session:
            if not token:
                raise HTTPException(401)
            return await current_account(token, session, state.settings)

    def plant(app: FastAPI) -> None:
        from waybill.dependencies import current_account

        app.dependency_overrides[current_account] = anybody

    return plant


def refusing(who: str) -> Plant:
    """Return a plant: a caller is refused everywhere, whatever the table says."""

    async def refuse(request: Request, go_on: Any) -> Response:  # noqa: ANN401
        shown = request.headers.get("authorization", "")
        found = "nobody" if not shown else "depot" if "wb_" in shown else "account"
        if found == who:
            return Response(status_code=403)
        response: Response = await go_on(request)
        return response

    def plant(app: FastAPI) -> None:
        app.middleware("http")(refuse)

    return plant


def advice_on(story: str) -> str:
    """Say what may have made a test disagree with a Waybill that is right."""
    if re.search("/exports|/events|/forms", story):
        return (
            "Waybill doesn't have this route yet: TABLE may run ahead. Go through the "
            "routes of the app."
        )
    return (
        "Does TABLE have all routes of this lesson, with their method, their path with "
        "all prefixes and braces, and those who may use them? Of its other lines, "
        "compare those whose routes the app has."
    )


def assert_noticed(outcome: SimpleNamespace, hole: str, advice: str) -> None:
    """Assert that a test turned red."""
    assert outcome.problems, f"{hole}, and your test stayed green. {advice}"


# - Your test is green on your Waybill.
def test_it_is_green_on_waybill(run: Run) -> None:
    """Your test is green on your Waybill, with a test for each caller."""
    outcome = run(up_to_here)
    assert not outcome.problems, (
        f"On your Waybill a test ended with {outcome.story}. {advice_on(outcome.story)}"
    )
    assert outcome.passed >= 5, (
        f"{outcome.passed} tests passed; there are five callers. Keep `parametrize`."
    )


def test_refusals_may_join(run: Run) -> None:
    """It stays green when routes join that refuse everybody, and a WebSocket."""
    outcome = run(few, for_nobody, only="dispatcher")
    assert not outcome.problems, (
        "Two routes joined, /v1/vault/{number:int}/{name:path}, which refuses "
        "everybody, and a WebSocket, which has no methods. A test ended with "
        f"{outcome.story}. Nobody's route needs no line."
    )


# - It asks every route of the app by each of its methods, as each caller.
@pytest.mark.parametrize(
    ("status", "caller"), [(200, "nobody"), (404, "depot"), (422, "dispatcher")]
)
def test_an_open_route_is_red(run: Run, status: int, caller: str) -> None:
    """It is red when a route joins that lets everybody in, whatever it answers."""
    told = "lets everybody in" if status == 200 else f"answers everybody {status}"
    assert_noticed(
        run(few, open_to_all("/labels/{number}", status=status), only=caller),
        f"GET /v1/labels/{{number}} was added, which {told}",
        "Go through the routes of the app. Only 401 and 403 are refusals.",
    )


def test_another_method_is_red(run: Run) -> None:
    """It is red when a route that is in the table gets another method."""
    assert_noticed(
        run(few, open_to_all("/me", "DELETE"), only="sender"),
        "DELETE /v1/me was added, which lets everybody in",
        "A line of TABLE is a method and a path. Ask by each of a route's `methods`.",
    )


# - It is red when somebody gets in who may not.
def test_a_route_for_accounts_is_red(run: Run) -> None:
    """It is red when a route joins that lets in whoever has signed in."""
    assert_noticed(
        run(few, for_accounts, only="courier"),
        "GET /v1/labels was added for whoever has signed in, and isn't in TABLE",
        "What isn't in TABLE is nobody's: `TABLE.get(name, set())`.",
    )


@pytest.mark.parametrize(
    ("role", "action", "path"),
    [
        ("sender", "parcels:list", f"GET {DISPATCH}"),
        ("courier", "parcels:assign", f"PUT {ASSIGN}"),
        ("courier", "keys:change", "GET /v1/dispatch/keys"),
        ("sender", "accounts:change", "PATCH /v1/dispatch/accounts/{account_id}"),
    ],
)
def test_a_role_with_more_is_red(
    run: Run, table: Callable[..., None], role: str, action: str, path: str
) -> None:
    """It is red when a role may do more than the table says."""
    table(role, add=action)
    assert_noticed(
        run(few, only=role),
        f"MAY allowed a {role} {action!r}, which opens {path}",
        f"Ask each route as a {role}, and compare with what TABLE says of it.",
    )


@pytest.mark.parametrize("who", ["nobody", "depot"])
def test_a_stranger_is_red(run: Run, who: str) -> None:
    """It is red when a key, or no proof at all, passes for an account."""
    whoever = "who shows a depot's key" if who == "depot" else "without any proof"
    assert_noticed(
        run(few, passing(who), only=who),
        f"Somebody {whoever} was taken for a sender, and read {TOKEN}",
        f"{who!r} is one of CALLERS, and TABLE says what is open to them.",
    )


# - It is red when somebody is refused who may.
@pytest.mark.parametrize(
    ("role", "action", "path"),
    [
        ("courier", "parcels:list", f"GET {DISPATCH}"),
        ("dispatcher", "accounts:change", "PATCH /v1/dispatch/accounts/{account_id}"),
        ("dispatcher", "keys:change", "POST /v1/dispatch/keys"),
    ],
)
def test_a_role_with_less_is_red(
    run: Run, table: Callable[..., None], role: str, action: str, path: str
) -> None:
    """It is red when a role may do less than the table says."""
    table(role, drop=action)
    assert_noticed(
        run(few, only=role),
        f"MAY allowed a {role} {action!r} no longer, so {path} refused them",
        "Compare both ways: who got in and may not, who may and didn't get in.",
    )


@pytest.mark.parametrize("who", ["nobody", "depot"])
def test_a_refused_stranger_is_red(run: Run, who: str) -> None:
    """It is red when public routes, or the scanner's, refuse whom they are for."""
    assert_noticed(
        run(few, refusing(who), only=who),
        f"Waybill refused {who!r} everywhere, at /health and /v1/scans as well",
        "Compare both ways, for each of CALLERS.",
    )


# - A route in `TABLE` that the app doesn't have is no mistake.
def test_the_table_may_run_ahead(run: Run) -> None:
    """It stays green on a Waybill with a few of the routes."""
    outcome = run(few)
    assert not outcome.problems, (
        "A Waybill had no routes for parcels, rates and carriers. A test ended with "
        f"{outcome.story}. Of TABLE, compare the routes that the app has."
    )


# - It is red when there was nothing to visit.
def test_nothing_to_visit_is_red(run: Run) -> None:
    """It is red when there is no route to visit."""
    assert_noticed(
        run(only="nobody"),
        "Waybill had no routes at all, so nothing was compared",
        "So a loop stays green that visits nothing. Assert that it visited something.",
    )
