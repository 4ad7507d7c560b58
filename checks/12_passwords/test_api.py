"""Checks of passwords.api: anyone may open an account, and the docs say how it ends."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

PATH = "/v1/accounts"
BODY = {"email": "lena@example.com", "password": "correct horse battery"}


@pytest.fixture
def app(sessions: "Sessions") -> FastAPI:
    """An app with all that `waybill.api` brings together."""
    from waybill.api import api
    from waybill.passwords import Passwords, PasswordSettings, app_passwords

    cheap = Passwords(PasswordSettings(rounds=1, memory_kib=64, lanes=1))
    app = FastAPI()
    app.state.sessions = sessions
    app.dependency_overrides[app_passwords] = lambda: cheap
    app.include_router(api)
    return app


def operation(app: FastAPI) -> dict[str, Any]:
    """Return what the docs say about signing up."""
    paths = app.openapi()["paths"]
    there = ", ".join(sorted(path for path in paths if "accounts" in path))
    assert PATH in paths, (
        f"The docs know no {PATH}. Paths with accounts in them: {there or 'none'}."
    )
    found: dict[str, Any] = paths[PATH]["post"]
    return found


def fields_of(app: FastAPI, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that the docs promise for one answer, its model resolved."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    model = app.openapi().get("components", {}).get("schemas", {}).get(name, schema)
    found: dict[str, Any] = model.get("properties", {})
    return found


# - What works today stays.
async def test_anyone_may_open_an_account(client: httpx.AsyncClient) -> None:
    """`POST /v1/accounts` opens an account for somebody who has none."""
    response = await client.post(PATH, json=BODY)
    advice = {
        401: "Who has no account can't sign in to open one: ask for none here.",
        404: "Does `api` include accounts.router, without a prefix of its own?",
    }
    status = response.status_code
    assert status == 201, (
        f"A stranger sent POST {PATH} and was answered {status} instead of 201. "
        f"{advice.get(status, response.text)}"
    )


# - What works today stays.
async def test_nobody_is_asked_who_they_are(
    client: httpx.AsyncClient, sessions: "Sessions"
) -> None:
    """Signing up asks for no account, so it makes no other along the way."""
    from sqlalchemy import select

    from waybill.tables import Account

    for number in range(2):
        email = f"lena{number}@example.com"
        response = await client.post(PATH, json=BODY | {"email": email})
        assert response.status_code == 201, (
            f"{email} sent POST {PATH} and was answered {response.status_code}: "
            f"{response.text}"
        )
    async with sessions() as session:
        kept = (await session.scalars(select(Account.email).order_by(Account.id))).all()
    assert kept == ["lena0@example.com", "lena1@example.com"], (
        f"Two people signed up, and the accounts are {', '.join(kept)}. A dependency "
        "of the router asked who they are, such as access_log; leave it to parcels."
    )


# - What works today stays.
async def test_accounts_have_their_tag(app: FastAPI) -> None:
    """In the docs, signing up has one tag, `accounts`."""
    tags = operation(app).get("tags", [])
    assert tags == ["accounts"], (
        f"In the docs, POST {PATH} has the tags {tags}; wanted is ['accounts']. Say it "
        "where the router joins."
    )


# - The docs of `POST /v1/accounts` know the 409, whose body is a `Problem`, and no
# further status but 201 and 422.
async def test_the_docs_know_the_409(app: FastAPI) -> None:
    """In the docs, signing up may answer 409, with a `Problem`."""
    answers = operation(app)["responses"]
    assert "409" in answers, (
        f"In the docs, POST {PATH} answers {', '.join(sorted(answers))}; the 409 for "
        "a taken address should be among them. FastAPI doesn't see what you raise: "
        "pass responses= where the router joins."
    )
    fields = fields_of(app, answers["409"])
    assert set(fields) == {"detail"}, (
        f"In the docs, the 409 of POST {PATH} has the fields {sorted(fields)}; wanted "
        "is the model Problem with its one field, detail."
    )
    assert fields["detail"].get("type") == "string", (
        f"In the docs, the `detail` of the 409 is {fields['detail']}; wanted is a "
        "text, as in Problem."
    )


# - The docs of `POST /v1/accounts` know the 409, whose body is a `Problem`, and no
# further status but 201 and 422.
async def test_a_real_409_is_a_problem(client: httpx.AsyncClient) -> None:
    """What a client gets with a 409 is a `Problem`, as the docs promise."""
    from waybill.api import Problem

    await client.post(PATH, json=BODY)
    response = await client.post(PATH, json=BODY)
    assert response.status_code == 409, (
        f"An address signed up twice, and the second time was answered "
        f"{response.status_code} instead of 409."
    )
    sent = response.json()
    assert isinstance(sent.get("detail"), str), (
        f"The 409 was {sent}; a Problem has a `detail`, which is a text."
    )
    assert Problem.model_validate(sent).model_dump() == sent, (
        f"The 409 was {sent}, and a Problem has only a `detail`."
    )


# - What works today stays.
async def test_other_docs_stay(app: FastAPI) -> None:
    """The docs of the rates stay as they were, and so does `NOT_FOUND`."""
    from waybill.api import NOT_FOUND

    assert set(NOT_FOUND) == {404}, (
        f"NOT_FOUND documents {', '.join(map(str, NOT_FOUND))} now, and each router "
        "that is given it would promise as much. Leave it; the 409 needs its own."
    )
    for path, operations in app.openapi()["paths"].items():
        for method, one in operations.items() if "/rates" in path else ():
            route = f"{method.upper()} {path}"
            assert "409" not in one["responses"], (
                f"In the docs, {route} answers 409 now, and rates never do. The "
                "409 goes to accounts.router alone."
            )
            assert one.get("tags") == ["rates"], (
                f"In the docs, {route} has the tags {one.get('tags')}. Give the tag to "
                "accounts.router alone."
            )


# - The docs of `POST /v1/accounts` know the 409, whose body is a `Problem`, and no
# further status but 201 and 422.
async def test_the_docs_know_no_more(app: FastAPI) -> None:
    """In the docs, signing up answers 201, 409 or 422, and nothing else."""
    answers = sorted(operation(app)["responses"])
    wanted = {"201", "409", "422"}
    gone, more = sorted(wanted - set(answers)), sorted(set(answers) - wanted)
    assert not gone, (
        f"In the docs, POST {PATH} answers {', '.join(answers)}; {', '.join(gone)} is "
        "missing. Keep what the route says, and add the 409 alone."
    )
    assert not more, (
        f"In the docs, POST {PATH} answers {', '.join(answers)}, and it never answers "
        f"{', '.join(more)}. Document the 409 alone."
    )
