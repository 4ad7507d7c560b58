"""Checks of the kata requests.terms."""

from collections.abc import AsyncIterator, Callable
from string import ascii_lowercase
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]

TERMS = {
    "en": "Delivered within three working days.",
    "de": "Zustellung innerhalb von drei Werktagen.",
    "nl": "Bezorgd binnen drie werkdagen.",
}


@pytest.fixture
def app() -> FastAPI:
    """An app with the routes of `waybill.rates`, and nothing else."""
    from waybill.rates import router

    app = FastAPI()
    app.include_router(router)
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app."""
    async with connect(app) as client:
        yield client


def resolved(app: FastAPI, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of the docs, looked up if it only names a model."""
    name = schema.get("$ref", "").rpartition("/")[2]
    models = app.openapi().get("components", {}).get("schemas", {})
    found: dict[str, Any] = models.get(name, schema)
    return found


def promised(app: FastAPI, operation: dict[str, Any]) -> dict[str, Any]:
    """Return the types of the fields that the docs promise with a 200."""
    content = operation["responses"].get("200", {}).get("content", {})
    answer = content.get("application/json", {}).get("schema", {})
    model = resolved(app, answer)
    types = {
        name: resolved(app, one).get("type")
        for name, one in model.get("properties", {}).items()
    }
    needed = model.get("required", [])
    return {
        name: one if name in needed else f"perhaps {one}" for name, one in types.items()
    }


async def answered(client: httpx.AsyncClient, asked: str) -> str:
    """Return the language of the terms that this `Accept-Language` gets."""
    response = await client.get("/rates/NL/terms", headers={"Accept-Language": asked})
    assert response.status_code == 200, (
        f"`Accept-Language: {asked}` was answered {response.status_code}: "
        f"{response.text}. Any header gets terms."
    )
    terms = response.json()
    language = str(terms["language"])
    assert terms["text"] == TERMS.get(language), (
        f"`Accept-Language: {asked}` was answered with the language {language!r} and "
        f"the text {terms['text']!r}. They should belong together, as in the TERMS "
        f"of the starting code."
    )
    return language


# - The header `Accept-Language` decides, and nothing else in the request.
async def test_the_header_chooses(client: httpx.AsyncClient) -> None:
    """The `Accept-Language` header chooses the language of the terms."""
    for asked in ("de", "nl", "en"):
        language = await answered(client, asked)
        assert language == asked, (
            f"`Accept-Language: {asked}` was answered in {language!r}. A parameter "
            f"accept_language with Header() in its annotation reads it; without, it is "
            f"looked for in the query, where nobody puts it."
        )


# - It holds languages, separated by commas.
@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("fr, de", "de"),
        ("fr,nl,de", "nl"),
        ("de, en", "de"),
        ("pl,  nl , en", "nl"),
        ("en,nl", "en"),
        ("fr, it, sv, en, de", "en"),
        (f"{', '.join(ascii_lowercase)}, nl, de", "nl"),
    ],
)
async def test_the_first_that_waybill_speaks(
    client: httpx.AsyncClient, asked: str, wanted: str
) -> None:
    """The first language of the list that `TERMS` has is the answer's."""
    language = await answered(client, asked)
    assert language == wanted, (
        f"`Accept-Language: {asked}` was answered in {language!r}; the first that "
        f"Waybill speaks is {wanted!r}. Go through what was asked, in that order; "
        f"spaces around a comma don't matter."
    )


# - Of each language, only the word before the first `-` or `;` counts.
@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("de-AT", "de"),
        ("fr, de-AT;q=0.9, en;q=0.8", "de"),
        ("NL", "nl"),
        ("DE-at;q=0.9", "de"),
        ("fr-CH, fr;q=0.9, nl;q=0.8, de;q=0.7", "nl"),
        ("en-GB,de;q=0.5", "en"),
        ("nl ; q=0.3", "nl"),
        ("nl;q=0.5, de", "nl"),
        ("zh-Hant-TW,nl-BE;q=0.9", "nl"),
        ("fr-NL, de;q=0.5", "de"),
        ("de;q=0, en", "de"),
        ("*;q=0.5, nl", "nl"),
        ("*, de", "de"),
    ],
)
async def test_what_does_not_count(
    client: httpx.AsyncClient, asked: str, wanted: str
) -> None:
    """Capitals and spaces don't matter, nor does what follows a `-` or `;`."""
    language = await answered(client, asked)
    assert language == wanted, (
        f"`Accept-Language: {asked}` was answered in {language!r}, wanted is "
        f"{wanted!r}. Of each entry, only the letters before the first - or ; count, "
        f"and neither capitals nor spaces matter."
    )


# - Without the header, or if `TERMS` has none of its languages, the answer is English.
async def test_english_otherwise(client: httpx.AsyncClient) -> None:
    """Without the header, or if no language matches, the terms are English."""
    response = await client.get("/rates/NL/terms")
    assert response.status_code == 200, (
        f"Without Accept-Language, the answer was {response.status_code}: "
        f"{response.text}. Give the parameter a default."
    )
    assert response.json()["language"] == "en", (
        f"Without Accept-Language, the terms came in {response.json()['language']!r}; "
        f"wanted is English."
    )
    for asked in ("fr", "fr, it", "*", "", ",", ";q=1"):
        language = await answered(client, asked)
        assert language == "en", (
            f"`Accept-Language: {asked}` has nothing that Waybill speaks, and was "
            f"answered in {language!r}; wanted is English."
        )


# - Of each language, only the word before the first `-` or `;` counts.
async def test_a_language_is_the_whole_word(client: httpx.AsyncClient) -> None:
    """A longer code that begins with `de`, such as `den`, is another language."""
    for asked, wanted in {"den, nl": "nl", "enm, de": "de", "n, d": "en"}.items():
        language = await answered(client, asked)
        assert language == wanted, (
            f"`Accept-Language: {asked}` was answered in {language!r}, wanted is "
            f"{wanted!r}. Codes may have three letters: compare the whole word."
        )


# - The answer's header `Content-Language` names its language.
async def test_the_answer_says_its_language(client: httpx.AsyncClient) -> None:
    """The answer's header `Content-Language` names its language."""
    for asked, wanted in {"de-AT": "de", "fr": "en", "sv, nl;q=0.1": "nl"}.items():
        headers = {"Accept-Language": asked}
        response = await client.get("/rates/DE/terms", headers=headers)
        said = response.headers.get("Content-Language")
        assert said, (
            f"`Accept-Language: {asked}` was answered without Content-Language. Take a "
            f"parameter of the type Response and set its headers; a Response that you "
            f"make yourself is sent only if you return it."
        )
        assert said == wanted, (
            f"`Accept-Language: {asked}` was answered with Content-Language {said!r}; "
            f"wanted is {wanted!r}, the language that you chose."
        )


# - The docs list the header, as one that may be left out, and say that the answer is a
def test_the_docs_list_the_header(app: FastAPI) -> None:
    """The docs list `accept-language` as a header that may be left out."""
    operation = app.openapi()["paths"]["/rates/{country}/terms"]["get"]
    places = {
        (one["name"].lower(), one["in"]): one["required"]
        for one in operation["parameters"]
    }
    assert ("accept-language", "header") in places, (
        f"The docs list {sorted(places)}. A client can't know that a header counts: "
        f"declare accept_language as one."
    )
    assert not places["accept-language", "header"], (
        "The docs call accept-language required. Give it a default."
    )


# - The docs list the header, as one that may be left out, and say that the answer is a
def test_the_docs_promise_terms(app: FastAPI) -> None:
    """The docs say that the answer is a `Terms`: a language and a text."""
    found = promised(app, app.openapi()["paths"]["/rates/{country}/terms"]["get"])
    wanted = dict.fromkeys(("language", "text"), "string")
    assert found == wanted, (
        f"For a 200, the docs promise {found or 'no fields'}; wanted are {wanted}. "
        f"Keep Terms, and the return type that the starting code has."
    )


# - A country without a rate is answered 404, and a badly written one 422.
async def test_countries_are_refused_as_before(connect: Connect, app: FastAPI) -> None:
    """A country without a rate is answered 404, and a badly written one 422."""
    for country, wanted in {"JP": 404, "nl": 422, "NLD": 422}.items():
        async with connect(app, raise_app_exceptions=False) as client:
            response = await client.get(f"/rates/{country}/terms")
        assert response.status_code == wanted, (
            f"GET /rates/{country}/terms was answered {response.status_code} instead "
            f"of {wanted}. CountryCode refuses what is badly written, and find_rate "
            f"raises the 404: use both."
        )


# - The header `Accept-Language` decides, and nothing else in the request.
async def test_nothing_else_chooses(client: httpx.AsyncClient) -> None:
    """Neither the query nor another header changes the language."""
    for path, headers in (
        ("/rates/NL/terms?accept_language=de", {"Accept-Language": "nl"}),
        ("/rates/DE/terms", {"Accept-Language": "nl", "Content-Language": "de"}),
        ("/rates/DE/terms?accept-language=en", {"Accept-Language": "nl"}),
    ):
        response = await client.get(path, headers=headers)
        assert response.status_code == 200, (
            f"GET {path} with {headers} was answered {response.status_code} instead of "
            "200."
        )
        language = response.json()["language"]
        assert language == "nl", (
            f"GET {path} with {headers} was answered in {language!r}; wanted is 'nl'. "
            "Only the header Accept-Language may decide."
        )


# - It holds languages, separated by commas.
async def test_terms_are_looked_up_when_asked(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A language that comes or goes while Waybill runs counts at once."""
    from waybill import rates

    monkeypatch.setitem(rates.TERMS, "fil", "Sa loob ng tatlong araw.")
    monkeypatch.setitem(rates.TERMS, "sv", "")
    monkeypatch.delitem(rates.TERMS, "de")
    asks = {"de, fil-PH": "fil", "de": "en", "sv, fil": "sv"}
    for asked, wanted in asks.items():
        headers = {"Accept-Language": asked}
        response = await client.get("/rates/NL/terms", headers=headers)
        assert response.status_code == 200, (
            f"The check put 'fil' and 'sv' into TERMS, and took 'de' out. "
            f"`Accept-Language: {asked}` was answered {response.status_code} instead "
            f"of 200."
        )
        language = response.json()["language"]
        assert language == wanted, (
            f"The check put 'fil' into TERMS, and 'sv' with an empty text, and took "
            f"'de' out. `Accept-Language: {asked}` was answered in {language!r}; "
            f"wanted is {wanted!r}. Look into TERMS for each request: what counts is "
            "whether the code is in it, however long the code or its text may be."
        )
