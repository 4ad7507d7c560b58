"""Problems: what a client reads when something fails, and what the log keeps."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from waybill.app import create_app
from waybill.database import Sessions, make_engine
from waybill.settings import Settings
from waybill.store import OnItsWayError
from waybill.tables import Account

SECRET = "hunter2-7f3a"


# needs: settings.create_app errors.problem errors.extend
def client_of(app: FastAPI) -> AsyncClient:
    """Return a client that reads a 500 where a server would send one."""
    transport = ASGITransport(app, raise_app_exceptions=False)
    return AsyncClient(transport=transport, base_url="http://waybill")


async def answer_to(settings: Settings, error: Exception) -> Response:
    """Return how a route is answered that raises an error."""
    app = create_app(settings)

    @app.get("/fail")
    async def fail() -> None:
        raise error

    async with client_of(app) as client:
        return await client.get("/fail", params={"token": SECRET})


def problem_of(response: Response) -> dict[str, Any]:
    """Return what a problem says."""
    assert response.headers["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = response.json()
    assert said["status"] == response.status_code
    assert isinstance(said["title"], str)
    assert isinstance(said["detail"], str)
    return said


# needs: settings.create_app requests.api requests.rate errors.extend errors.http_errors
async def test_what_http_refuses_is_a_problem(settings: Settings) -> None:
    async with client_of(create_app(settings)) as client:
        nowhere = await client.get("/v1/nowhere")
        no_rate = await client.get("/v1/rates/XX")
        no_method = await client.delete("/v1/rates/DE")
    assert (nowhere.status_code, no_method.status_code) == (404, 405)
    assert "XX" in problem_of(no_rate)["detail"]
    assert problem_of(no_method)["title"] == "Method Not Allowed"
    assert no_method.headers["Allow"] == "GET"
    assert problem_of(nowhere)["detail"] == "Not Found"


async def test_headers_of_a_refusal_are_sent(settings: Settings) -> None:
    busy = HTTPException(429, "Wait.", {"Retry-After": "240"})
    response = await answer_to(settings, busy)
    assert response.headers["Retry-After"] == "240"
    same = await answer_to(settings, HTTPException(304, headers={"ETag": '"7"'}))
    assert (same.content, same.headers["ETag"]) == (b"", '"7"')


# needs: settings.create_app errors.extend errors.domain_errors
async def test_domain_errors_are_problems(settings: Settings) -> None:
    response = await answer_to(settings, OnItsWayError(SECRET))
    assert problem_of(response)["status"] == 409
    assert SECRET not in response.text


# needs: settings.create_app requests.price errors.extend errors.invalid
async def test_a_422_names_mistakes_and_repeats_nothing(settings: Settings) -> None:
    sent = {"parcel": {"weight_g": SECRET}}
    async with client_of(create_app(settings)) as client:
        response = await client.post("/v1/rates/price", json=sent)
    assert response.status_code == 422
    errors = problem_of(response)["errors"]
    assert ["body", "parcel", "weight_g"] in [one["loc"] for one in errors]
    assert all({*one} == {"loc", "msg", "type"} for one in errors)
    assert SECRET not in response.text


# needs: settings.create_app errors.extend errors.crash
async def test_a_crash_has_an_id_that_the_log_knows(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    response = await answer_to(settings, RuntimeError(f"{SECRET} is wrong"))
    said = problem_of(response)
    assert said["status"] == 500
    assert SECRET not in response.text
    (entry,) = [one for one in caplog.records if one.name == "waybill.problems"]
    assert (entry.levelno, bool(entry.exc_info)) == (logging.ERROR, True)
    assert entry.getMessage() == f"{said['instance']}: GET '/fail'"


# needs: settings.create_app errors.extend errors.unavailable
@pytest.mark.parametrize(
    "error",
    [
        DBAPIError(SECRET, None, Exception(SECRET), connection_invalidated=True),
        PoolTimeoutError(SECRET),
        TimeoutError(SECRET),
        ConnectionRefusedError(SECRET),
    ],
)
async def test_a_database_that_is_gone_is_asked_for_again(
    settings: Settings, error: Exception
) -> None:
    response = await answer_to(settings, error)
    assert problem_of(response)["status"] == 503
    assert int(response.headers["Retry-After"]) > 0
    assert SECRET not in response.text


async def test_a_database_that_is_wrong_is_a_crash(settings: Settings) -> None:
    wrong = OperationalError(SECRET, None, Exception("no such table: parcels"))
    assert (await answer_to(settings, wrong)).status_code == 500


# needs: database.open_database dependencies.list_parcels dependencies.current_account
# needs: errors.extend errors.unavailable
async def test_a_database_that_was_started_anew_costs_one_request_at_most(
    settings: Settings,
    app: FastAPI,
    sessions: Sessions,
    lena: Account,
    ask_as: Callable[[Account], None],
) -> None:
    ask_as(lena)
    end = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    engine = make_engine(settings.database_url)
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server that could be started anew.")
    async with client_of(app) as client:
        assert (await client.get("/v1/parcels")).status_code == 200
        async with engine.begin() as connection:
            await connection.execute(text(end))
        gone = await client.get("/v1/parcels")
        back = await client.get("/v1/parcels")
    await engine.dispose()
    assert back.status_code == 200
    if gone.status_code != 200:  # a pool that asks for a sign of life loses none
        assert gone.status_code == 503
        assert int(gone.headers["Retry-After"]) > 0


# needs: settings.create_app errors.extend performance.unavailable
@pytest.mark.parametrize(
    ("code", "status"), [("55P03", 503), ("57P03", 503), ("42P01", 500)]
)
async def test_what_postgresql_says_will_pass(
    settings: Settings, code: str, status: int
) -> None:
    said = Exception(SECRET)
    said.sqlstate = code  # type: ignore[attr-defined]
    response = await answer_to(settings, DBAPIError(SECRET, None, said))
    assert response.status_code == status
    assert SECRET not in response.text


# needs: settings.create_app requests.api requests.rate errors.extend errors.document
async def test_the_docs_say_how_errors_look(settings: Settings) -> None:
    async with client_of(create_app(settings)) as client:
        docs = (await client.get("/openapi.json")).json()
    answers = docs["paths"]["/v1/rates/{country}"]["get"]["responses"]
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status in ("404", "422", "default"):
        assert answers[status]["content"] == {"application/problem+json": shape}
    assert "title" in docs["components"]["schemas"]["Problem"]["required"]
