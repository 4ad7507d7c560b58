"""Checks of security_review.search: what is typed is looked for, and never obeyed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]
Find = Callable[..., Awaitable[list[int]]]


@pytest.fixture
async def client(
    connect: Connect,
    sessions: "async_sessionmaker[AsyncSession]",
    as_lena: Callable[..., Any],
) -> AsyncIterator[httpx.AsyncClient]:
    """Lena's client of a bare app with a search."""
    from waybill.dependencies import current_account
    from waybill.search import router

    app = FastAPI()
    app.include_router(router)
    app.state.sessions = sessions
    app.dependency_overrides[current_account] = as_lena
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


@pytest.fixture
def find(client: httpx.AsyncClient) -> Find:
    """Return a function that searches, and returns the ids of what was found."""

    async def find(name: str, **more: int) -> list[int]:
        answer = await client.get("/search", params={"name": name, **more})
        assert answer.status_code == 200, (
            f"Lena looked for {name!r} and was answered {answer.status_code}. It is a "
            "name like any other: no text is forbidden, and none is SQL."
        )
        return [parcel["id"] for parcel in answer.json()]

    return find


# - A parcel is found if it is yours, and the name in its `to` has the text somewhere in
# it. Capitals of A to Z don't matter.
async def test_only_your_own_are_found(find: Find) -> None:
    """Nobody finds a parcel of somebody else."""
    for name in ("Grace", "Ada", "e"):
        found = await find(name)
        others = [number for number in found if number in (2, 6)]
        assert not others, (
            f"Lena looked for {name!r} and found {others!r}, which are Bob's. The "
            "owner belongs into the condition."
        )
        assert found, (
            f"Lena looked for {name!r}, which her parcels have, and found none."
        )


async def test_only_the_name_counts(find: Find) -> None:
    """The name of the addressee is looked at, and no other part of the address."""
    for name in ("Selby", "Berlin", "city"):
        found = await find(name)
        assert found == [], (
            f"No addressee is called {name!r}, and Lena found {found!r}. Look at "
            'Parcel.to["name"] only.'
        )


@pytest.mark.parametrize("name", ["GRACE", "grace", "Grace O"])
async def test_capitals_do_not_matter(find: Find, name: str) -> None:
    """Capitals and small letters are the same."""
    found = await find(name)
    assert found == [8], (
        f"Lena looked for {name!r}, and found {found!r} instead of [8]. `icontains` "
        "doesn't look at capitals."
    )


# - Every text of a name can be looked for, `Union Street` too.
@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Union Street", [5]), ("Selecta", [3]), ("Drop", [9]), ("--c", [9]), (";", [9])],
)
async def test_no_name_is_forbidden(find: Find, name: str, wanted: list[int]) -> None:
    """Every text can be looked for, also one that looks like SQL."""
    found = await find(name)
    assert found == wanted, (
        f"Lena looked for {name!r}. Found were the parcels {found!r} instead of "
        f"{wanted!r}. Look for what was typed, without a list of words to refuse."
    )


# - No part of the statement is made of what was typed: a database gets it as a value.
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("O'Neil", [8]),
        ("x' OR 'a' LIKE 'a", [11]),
        ("' OR 'b' LIKE 'b", []),
        ('" OR "a" = "a', []),
        (":name", []),
    ],
)
async def test_a_quote_is_a_character(find: Find, name: str, wanted: list[int]) -> None:
    """A quotation mark is looked for, and ends nothing."""
    found = await find(name)
    assert found == wanted, (
        f"Lena looked for {name!r}. Found were the parcels {found!r} instead of "
        f"{wanted!r}: what she typed became a part of the SQL. Compare columns as in "
        "the example, without text()."
    )


async def test_the_statement_does_not_hold_it(find: Find, queries: list[str]) -> None:
    """What was typed isn't in the statement that is sent."""
    for typed in ("Umlaut", "O'Hara"):
        queries.clear()
        await find(typed)
        held = [sent for sent in queries if typed.lower()[2:] in sent.lower()]
        assert not held, (
            f"Lena looked for {typed!r}, and it stands in the statement itself: "
            f"{held[0]!r}. Let SQLAlchemy send it as a value."
        )


# - `%`, `_`, `/` and a backslash are characters as well: `100%` finds what holds
# `100%`.
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("%", [9]),
        ("_", [9]),
        ("100%", [9]),
        ("1%0", []),
        ("Drop_Shop", [9]),
        ("A_a", []),
        ("/", [12]),
        ("d/o", [12]),
        ("\\", [20]),
        ("\\ C", [20]),
    ],
)
async def test_no_character_is_a_wildcard(
    find: Find, name: str, wanted: list[int]
) -> None:
    """A percent sign or an underscore finds itself only, and so does their escape."""
    found = await find(name)
    assert found == wanted, (
        f"Lena looked for {name!r}. Found were the parcels {found!r} instead of "
        f"{wanted!r}. In LIKE, % stands for any text and _ for any character; "
        "`autoescape=True` makes both, and its own escape, characters again."
    )


# - A page holds `limit` parcels at most, the smallest ids first, all above `after`.
async def test_a_page_at_a_time(find: Find) -> None:
    """A search has pages as the list of parcels has."""
    whole = await find("a")
    wanted = [3, 5, 8, 11, 12, 20]
    assert whole == wanted, f"The names with an a are {wanted!r}; found were {whole!r}."
    for more in ({"limit": 2}, {"limit": 2, "after": 5}, {"after": 12}, {"after": 99}):
        found = await find("a", **more)
        after, limit = more.get("after", 0), more.get("limit", 20)
        page = [number for number in wanted if number > after][:limit]
        assert found == page, (
            f"With {more!r} the page was {found!r} instead of {page!r}. `search` has "
            "`limit` and `after`, as `page` in lesson 07."
        )


async def test_a_page_is_asked_for_as_one(find: Find, queries: list[str]) -> None:
    """The database is asked for a page, and not for all that there is."""
    queries.clear()
    await find("a", limit=1)
    asked = [sent for sent in queries if "FROM parcels" in sent]
    paged = [sent for sent in asked if "LIMIT" in sent]
    assert asked and paged == asked, (  # noqa: PT018
        f"For a page of one parcel the database was asked {asked!r}, without LIMIT. "
        "Let the database choose: .limit(search.limit)."
    )
