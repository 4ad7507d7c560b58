"""Checks of observability.account: who is asking is bound, by the account's id."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]
KEY = SecretStr("only this check knows this text, nobody else")


@pytest.fixture
def bound() -> Iterator[list[dict[str, Any]]]:
    """What was bound when a request had been answered, for each one."""
    from structlog.contextvars import clear_contextvars

    clear_contextvars()
    yield []
    clear_contextvars()


@pytest.fixture
async def client(
    connect: Connect,
    sessions: "async_sessionmaker[AsyncSession]",
    bound: list[dict[str, Any]],
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app with one private route; Lena's id is 7, and Bob is "
    "inactive."""
    from structlog.contextvars import clear_contextvars, get_contextvars

    from waybill.dependencies import current_account
    from waybill.settings import Settings
    from waybill.tables import Account

    async with sessions.begin() as session:
        for number, name, active in (
            (7, "lena", True),
            (8, "bob", False),
            (9, "eva", True),
        ):
            session.add(Account(id=number, email=f"{name}@example.com", active=active))
    app = FastAPI()
    app.state.sessions = sessions
    app.state.settings = Settings(environment="development", secret_key=KEY)

    @app.get("/private")
    async def private(account: Annotated[Any, Depends(current_account)]) -> int:  # noqa: ANN401
        number: int = account.id
        return number

    async def noting(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        clear_contextvars()
        try:
            await app(scope, receive, send)
        finally:
            bound.append(dict(get_contextvars()))

    async with connect(noting) as client:
        yield client


def token_of(account_id: int) -> dict[str, str]:
    """Return the headers of somebody who is signed in."""
    from waybill.tables import now
    from waybill.tokens import issue_token

    return {"Authorization": f"Bearer {issue_token(account_id, KEY, now())}"}


# - `current_account` binds the id of the account that it returns as `account_id`, and
# nothing else.
async def test_the_id_is_bound(
    client: httpx.AsyncClient, bound: list[dict[str, Any]]
) -> None:
    """The account's id is bound as `account_id`, and nothing else is."""
    for number in (7, 9, 7):
        response = await client.get("/private", headers=token_of(number))
        assert (response.status_code, response.text) == (200, str(number)), (
            f"The account {number} asked, and was answered {response.status_code}."
        )
        assert bound[-1] == {"account_id": number}, (
            f"The account {number} asked, and {bound[-1]} was bound; "
            f"{{'account_id': {number}}} is wanted: `bind_contextvars(account_id=…)`."
        )


# - Whoever is refused is answered 401 as in lesson 13, and nothing is bound.
@pytest.mark.parametrize("who", ["nobody", "forged", "inactive", "gone"])
async def test_whoever_is_refused_is_not_bound(
    client: httpx.AsyncClient, bound: list[dict[str, Any]], who: str
) -> None:
    """Whoever is refused is answered 401, and nothing is bound."""
    headers = {
        "nobody": {},
        "forged": {"Authorization": "Bearer e30.e30.e30"},
        "inactive": token_of(8),
        "gone": token_of(404),
    }[who]
    response = await client.get("/private", headers=headers)
    assert response.status_code == 401, (
        f"Somebody ({who}) asked, and was answered {response.status_code}."
    )
    assert response.headers.get("WWW-Authenticate") == "Bearer"
    assert bound[-1] == {}, (
        f"Somebody ({who}) was refused, and {bound[-1]} was bound. Bind once you are "
        "certain."
    )
