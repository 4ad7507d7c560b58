"""Checks of jwt.guards: the learner's file is run on Waybill, and on ones with a hole.

Routes are planted the way Waybill grows; a guard falls asleep by an override.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Response, WebSocket
from fastapi.requests import HTTPConnection, Request
from pydantic import BaseModel

if TYPE_CHECKING:
    from waybill.tables import Account

Plant = Callable[[FastAPI], None]
Run = Callable[..., SimpleNamespace]
ExplainRed = Callable[[SimpleNamespace], str]

SEVERAL = ("DELETE", "GET", "HEAD", "OPTIONS")
HOLES = [("/labels", SEVERAL, method) for method in SEVERAL]
HOLES += [("/rates", order, "PUT") for order in (("GET", "PUT"), ("PUT", "GET"))]
PROOF = {"WWW-Authenticate": "Bearer"}


class Label(BaseModel):
    """A body, which an empty request lacks."""

    text: str


async def answer() -> str:
    """Answer anybody."""
    return "for anybody"


async def answer_with_header(response: Response) -> str:
    """Answer anybody, with the header of a refusal."""
    response.headers.update(PROOF)
    return await answer()


async def print_label(label: Label) -> str:
    """Answer anybody who sends a label; others read a 422."""
    return label.text


def asleep(method: str, path: str, *, with_token: bool = True) -> Plant:
    """Return a plant: on one route, all pass, or those alone who show no token."""

    async def sleeping(connection: HTTPConnection) -> "Account":
        from waybill.tables import Account

        scope = connection.scope
        here = scope.get("method") == method and re.fullmatch(path, scope["path"])
        if here and (with_token or not connection.headers.get("authorization")):
            return Account(id=1, email="anybody@example.com")
        raise HTTPException(401, headers=PROOF)

    def plant(app: FastAPI) -> None:
        from waybill.dependencies import current_account

        app.dependency_overrides[current_account] = sleeping

    return plant


def guarded(app: FastAPI) -> None:
    """Plant routes that ask for proof, and a WebSocket, as later lessons do."""
    from waybill.dependencies import CurrentAccount, current_account

    labels = APIRouter(prefix="/labels", dependencies=[Depends(current_account)])
    labels.add_api_route("/{number:int}", answer)
    labels.add_api_route("/{number:int}/prints/{at:float}", answer, methods=["PUT"])
    labels.add_api_route("/{place:path}", print_label, methods=["POST"])
    outer = APIRouter(prefix="/v1")
    outer.include_router(labels)
    app.include_router(outer)

    @app.websocket("/v1/depots")
    async def depots(_socket: WebSocket, _account: CurrentAccount) -> None: ...


def of_several_methods(open_to_all: str, path: str, methods: tuple[str, ...]) -> Plant:
    """Return a plant: a route with methods in this order, one of them open to all."""

    class InOrder(set[str]):  # a set's own is another in each run
        def __iter__(self) -> Iterator[str]:
            return iter(methods)

    def plant(app: FastAPI) -> None:
        from waybill.dependencies import current_account

        guard = [Depends(current_account)]
        app.add_api_route(f"/v1{path}", answer, methods=[*methods], dependencies=guard)
        # Right on the app: a router that is included copies the methods of its routes.
        app.routes[-1].methods = InOrder(methods)  # type: ignore[attr-defined]
        asleep(open_to_all, f"/v1{path}")(app)

    return plant


def plain(app: FastAPI) -> None:
    """Plant a route of Starlette's, which FastAPI's docs never show."""

    async def labels(_request: Request) -> Response:
        return Response("for anybody")

    app.add_route("/v1/labels", labels)


def unguarded(
    path: str,
    *,
    method: str = "GET",
    endpoint: Callable[..., object] = answer,
    shown: bool = True,
    below: str = "/v1",
) -> Plant:
    """Return a plant: a route in a router in a router, open to anybody."""

    def plant(app: FastAPI) -> None:
        inner = APIRouter()
        inner.add_api_route(path, endpoint, methods=[method], include_in_schema=shown)
        outer = APIRouter(prefix=below)
        outer.include_router(inner)
        app.include_router(outer)

    return plant


def refusing(status: int, wants: str = "Bearer") -> Callable[[], Awaitable[None]]:
    """Return an endpoint that refuses everybody, and says what it `wants`."""

    async def refuse() -> None:
        headers = {"WWW-Authenticate": wants} if wants else {}
        raise HTTPException(status, headers=headers)

    return refuse


def assert_noticed(outcome: SimpleNamespace, hole: str, advice: str) -> None:
    """Assert that a test turned red."""
    assert outcome.problems, f"{hole}, and your test stayed green. {advice}"


# - Your test is green on your Waybill, and stays green when guarded routes join.
def test_right_waybill_is_green(run: Run, explain_red: ExplainRed) -> None:
    """Your test is green on your Waybill."""
    outcome = run()
    assert not outcome.problems, explain_red(outcome)
    assert outcome.passed, (
        "No test passed, and none failed. Was there one? Its name begins with test_, "
        "and it is not skipped."
    )


# - It asks every route that is not in `PUBLIC`, by each of its methods.
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/parcels"), ("POST", "/v1/parcels"), ("GET", "/v1/parcels/[^/]+")],
)
def test_a_guard_asleep_is_red(run: Run, method: str, path: str) -> None:
    """It is red when one of Waybill's private routes lets anybody in."""
    shown = path.replace("[^/]+", "{parcel_id}")
    assert_noticed(
        run(asleep(method, path)),
        f"{method} {shown} let anybody in",
        "Does it ask for this route at all? Count what it visits: routers that were "
        "included lie a level below `app.routes`, in other classes than APIRoute. Only "
        "what anybody may ask for is in PUBLIC, and only a 401 is a refusal.",
    )


def test_a_new_route_is_red(run: Run) -> None:
    """It is red when a new route lets anybody in."""
    assert_noticed(
        run(unguarded("/labels/{number}")),
        "A later lesson added GET /v1/labels/{number}, which lets anybody in",
        "Ask the app which routes it has, all the way down, rather than keep a list "
        "of the private ones.",
    )
    assert_noticed(
        run(unguarded("/labels", endpoint=answer_with_header)),
        "GET /v1/labels was added, which answers anybody 200, with WWW-Authenticate",
        "The header alone is no refusal: compare the status, too.",
    )
    assert_noticed(
        run(unguarded("/labels", below="/office")),
        "GET /office/labels was added, which lets anybody in",
        "It isn't below /v1, and anybody can ask for it: visit every route.",
    )


def test_a_hidden_route_is_red(run: Run) -> None:
    """It is red when a route that the docs don't show lets anybody in."""
    assert_noticed(
        run(unguarded("/labels", shown=False)),
        "GET /v1/labels was added with include_in_schema=False, and lets anybody in",
        "The docs don't know it, and anybody can still ask for it: walk the routes.",
    )
    assert_noticed(
        run(plain),
        "/v1/labels was added by Starlette's `app.add_route`, and lets anybody in",
        "Ask every route that has methods, whatever its class is.",
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/accounts"), ("DELETE", "/rates"), ("GET", "/rates/{country}/margins")],
)
def test_another_method_is_red(run: Run, method: str, path: str) -> None:
    """It is red when only a part of a route is in PUBLIC, and it lets anybody in."""
    assert_noticed(
        run(unguarded(path, method=method)),
        f"{method} /v1{path} was added, which lets anybody in",
        "PUBLIC names its routes whole: compare the method and the whole path, and "
        "visit every method.",
    )


@pytest.mark.parametrize(("path", "methods", "hole"), HOLES)
def test_each_method_is_asked(
    run: Run, path: str, methods: tuple[str, ...], hole: str
) -> None:
    """It is red when one of several methods of a route lets anybody in."""
    assert_noticed(
        run(of_several_methods(hole, path, methods)),
        f"/v1{path} was added for {', '.join(methods)}, and {hole} lets anybody in",
        "A route's `methods` are a set. Ask by each of them; pass over what is PUBLIC.",
    )


def test_nobody_shows_a_token(run: Run) -> None:
    """It is red when a guard refuses bad tokens, and lets pass who shows none."""
    assert_noticed(
        run(asleep("GET", "/v1/parcels", with_token=False)),
        "GET /v1/parcels refused every bad token, and let anybody in who showed none",
        "A stranger has no token at all: send no Authorization.",
    )


# - It accepts nothing but a 401 with `WWW-Authenticate: Bearer`.
def test_a_422_is_red(run: Run) -> None:
    """It is red when a route answers 422 to an empty request, and asks for no token."""
    assert_noticed(
        run(unguarded("/labels", method="POST", endpoint=print_label)),
        "POST /v1/labels was added, which lets anybody in who sends a body, or 422",
        "A guard comes before the body: expect the one status that asks for proof.",
    )


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_404_is_red(run: Run, status: int) -> None:
    """It is red when a route answers 404, or another status that asks for no token."""
    assert_noticed(
        run(unguarded("/labels/{number}", endpoint=refusing(status))),
        "GET /v1/labels/{number} was added, which looks at the label before it asks "
        f"who wants it, and answers anybody {status}",
        "That tells a stranger something: expect the one status that asks for proof.",
    )


def test_a_401_that_wants_nothing_is_red(run: Run) -> None:
    """It is red when a 401 lacks its `WWW-Authenticate: Bearer`."""
    assert_noticed(
        run(unguarded("/labels", endpoint=refusing(401, ""))),
        "GET /v1/labels answered 401 without WWW-Authenticate",
        "Look at that header, too: clients read there which proof is wanted.",
    )
    assert_noticed(
        run(unguarded("/labels", endpoint=refusing(401, "Basic"))),
        "GET /v1/labels answered 401 with `WWW-Authenticate: Basic`",
        "That asks for a password, not for a token: compare what the header says.",
    )


# - It is red when there was nothing to visit.
def test_nothing_to_visit_is_red(run: Run) -> None:
    """It is red when there is no private route to visit."""
    assert_noticed(
        run(bare=True),
        "Waybill had no private route, so nothing was compared",
        "So a loop stays green that visits nothing. Assert that it visited something.",
    )


# - Your test is green on your Waybill, and stays green when guarded routes join.
def test_guarded_routes_may_join(run: Run) -> None:
    """It stays green when guarded routes join, and a WebSocket."""
    outcome = run(guarded)
    assert not outcome.problems, (
        "Three guarded routes joined, /v1/labels/{number:int} among them, and a "
        f"WebSocket, which has no methods. A test ended with {outcome.story}. Put a "
        "number wherever a path has braces, and let what has no methods be."
    )
