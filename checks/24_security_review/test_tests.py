"""Checks of security_review.tests: the learner's tests see what is planted."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import APIRouter, FastAPI

if TYPE_CHECKING:
    from waybill.tables import Account, Parcel

Assert = Callable[..., None]
Plant = Callable[[FastAPI], None]
GREEN = {
    "a01": "It was finished; `%reset_kata` in a cell of its own brings it back.",
    "a05": "What finds Zoë Ng is a part of her name; % and a quotation mark don't.",
    "a07": "A good token is answered 200, the other two 401.",
    "a10": "The answer is a 500, and its text has nothing of the message.",
}


# - Each of the four is green on your Waybill, and keeps its name.
@pytest.mark.parametrize("category", GREEN)
def test_right_waybill_is_green(category: str, assert_green: Assert) -> None:
    """Your tests agree with a Waybill that is right."""
    assert_green(category, GREEN[category])


# - `test_a01_…`, which is finished, is red when Bob reads Lena's parcel.
def test_a_stranger_who_reads_is_seen(assert_red: Assert) -> None:
    """A parcel that anybody reads is noticed."""
    from waybill.database import Session
    from waybill.parcels import ParcelId, own_parcel
    from waybill.tables import Parcel

    async def any_parcel(parcel_id: ParcelId, session: Session) -> "Parcel":
        return await session.get_one(Parcel, parcel_id)

    def plant(app: FastAPI) -> None:
        app.dependency_overrides[own_parcel] = any_parcel

    advice = "`%reset_kata` brings the finished test back."
    assert_red("a01", "Bob read Lena's parcel", advice, plant)


def searching(find: Callable[[str], Any]) -> Plant:
    """Return what plants another search: it finds the parcels that a query names."""
    from waybill.database import Session
    from waybill.dependencies import CurrentAccount
    from waybill.tables import Parcel

    router = APIRouter()

    @router.get("/v1/search")
    async def search(
        name: str, session: Session, account: CurrentAccount
    ) -> list[dict[str, object]]:
        query = find(name).where(Parcel.owner_id == account.id)
        return [{"id": one.id, "to": one.to} for one in await session.scalars(query)]

    def plant(app: FastAPI) -> None:
        app.router.routes.insert(0, router.routes[0])

    return plant


# - `test_a05_…` is red when `%` or `_` finds everything, when a quotation mark ends the
# text in the SQL, and when nothing is ever found.
def test_a_wildcard_is_seen(assert_red: Assert) -> None:
    """A search in which a wildcard finds everything is noticed."""
    from sqlalchemy import select

    from waybill.tables import Parcel

    name = Parcel.to["name"].as_string()
    plant = searching(lambda typed: select(Parcel).where(name.icontains(typed)))
    advice = "Look for % or _ where no name has one, and expect an empty list."
    assert_red("a05", "A search for % found every parcel", advice, plant)


def test_a_quotation_mark_is_seen(assert_red: Assert) -> None:
    """A search in which a quotation mark becomes SQL is noticed."""
    from sqlalchemy import select, text

    from waybill.tables import Parcel

    def find(typed: str) -> Any:  # noqa: ANN401
        escaped = typed.replace("%", "\\%").replace("_", "\\_").replace(":", "\\:")
        like = f"\"to\" ->> 'name' LIKE '%{escaped}%'"
        if "'" not in typed:
            like += " ESCAPE '\\'"
        return select(Parcel).where(text(like))

    advice = "Look for a text such as x' OR 'a' LIKE 'a, and expect an empty list."
    assert_red("a05", "What was typed became SQL", advice, searching(find))


def test_an_empty_search_is_seen(assert_red: Assert) -> None:
    """A search that finds nothing at all is noticed."""
    from sqlalchemy import false, select

    from waybill.tables import Parcel

    plant = searching(lambda _typed: select(Parcel).where(false()))
    advice = "Look for a part of the name that Lena's parcel has, and expect it."
    assert_red("a05", "A search never found anything", advice, plant)


def believing(**options: bool) -> Plant:
    """Return what plants a Waybill that doesn't look at a part of a token."""
    import jwt
    from fastapi import Depends, HTTPException

    from waybill.database import Session
    from waybill.dependencies import bearer, current_account
    from waybill.tables import Account

    def plant(app: FastAPI) -> None:
        key = app.state.settings.secret_key.get_secret_value()

        async def lenient(session: Session, token: str = Depends(bearer)) -> "Account":
            try:
                claims = jwt.decode(token, key, ["HS256"], options=options)  # type: ignore[arg-type]
            except jwt.InvalidTokenError:
                raise HTTPException(401) from None
            return await session.get_one(Account, int(claims["sub"]))

        app.dependency_overrides[current_account] = lenient

    return plant


# - `test_a07_…` is red when a token that is over opens `/v1/me`, when a forged one
# does, and when a good one doesn't.
def test_a_token_that_is_over_is_seen(assert_red: Assert) -> None:
    """A token that is over and still opens something is noticed."""
    plant = believing(verify_exp=False)
    advice = "Ask with `over`, and expect 401."
    assert_red("a07", "A token of yesterday opened /v1/me", advice, plant)


def test_a_forged_token_is_seen(assert_red: Assert) -> None:
    """A token that somebody else signed is noticed."""
    plant = believing(verify_signature=False, verify_exp=True)
    advice = "Ask with `forged`, and expect 401."
    assert_red("a07", "A forged token opened /v1/me", advice, plant)


def test_a_closed_door_is_seen(assert_red: Assert) -> None:
    """A Waybill that lets nobody in is noticed."""
    from fastapi import HTTPException

    from waybill.dependencies import current_account

    async def nobody() -> None:
        raise HTTPException(401)

    def plant(app: FastAPI) -> None:
        app.dependency_overrides[current_account] = nobody

    advice = "Ask with `good`, too, and expect 200."
    assert_red("a07", "A good token was refused", advice, plant)


def crashing(status: int, *, told: bool) -> Plant:
    """Return what plants another answer to a crash."""
    from fastapi import Request
    from fastapi.responses import JSONResponse

    async def answer(_request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error) if told else "Sorry."}, status)

    def plant(app: FastAPI) -> None:
        app.add_exception_handler(Exception, answer)

    return plant


# - `test_a10_…` is red when a crash is answered with its message, or with a 200.
def test_a_crash_that_tells_is_seen(assert_red: Assert) -> None:
    """A crash whose message a client reads is noticed."""
    advice = "Look for a word of the message in `answer.text`."
    plant = crashing(500, told=True)
    assert_red("a10", "A client read the message of the crash", advice, plant)


def test_a_crash_that_looks_well_is_seen(assert_red: Assert) -> None:
    """A crash that is answered 200 is noticed."""
    plant = crashing(200, told=False)
    advice = "Compare the status with 500."
    assert_red("a10", "A crash was answered 200", advice, plant)
