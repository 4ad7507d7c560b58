"""Checks of caching.terms: a cache in between gives everybody their own language."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
LANGUAGES = {"de": "de", "en": "en", "nl-BE, de;q=0.5": "nl", "fr": "en"}


@pytest.fixture
async def client(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app that has the rates."""
    from waybill.rates import router

    app = FastAPI()
    app.include_router(router)
    async with connect(app) as client:
        yield client


def names(response: httpx.Response, header: str) -> list[str]:
    """Return the entries of a header, in small letters and in some order."""
    told = ",".join(response.headers.get_list(header))
    return sorted(one.strip().lower() for one in told.split(",") if one.strip())


# - The terms may be kept by anybody for an hour: `Cache-Control: public, max-age=3600`.
@pytest.mark.parametrize("language", LANGUAGES)
async def test_anybody_may_keep_them(client: httpx.AsyncClient, language: str) -> None:
    """The terms may be kept by anybody for an hour, in whatever language."""
    response = await client.get(
        "/rates/DE/terms", headers={"Accept-Language": language}
    )
    found = names(response, "Cache-Control")
    assert found == ["max-age=3600", "public"], (
        f"The terms in {language!r} have the Cache-Control "
        f"{response.headers.get('Cache-Control')!r}; expected: public, max-age=3600."
    )


# - `Vary` names `Accept-Language`.
async def test_a_cache_in_between_mixes_no_languages(
    client: httpx.AsyncClient,
) -> None:
    """A cache that stands in between gives everybody the language they asked for."""
    kept: list[tuple[dict[str, str], httpx.Response]] = []
    for asked in (*LANGUAGES, *LANGUAGES):
        for headers, response in kept:
            vary = names(response, "Vary")
            if "*" not in vary and all(
                headers.get(one, "") == {"accept-language": asked}.get(one, "")
                for one in vary
            ):
                found = response
                break
        else:
            found = await client.get(
                "/rates/DE/terms", headers={"Accept-Language": asked}
            )
            kept.append(({"accept-language": asked}, found))
        told = found.json()["language"]
        assert told == LANGUAGES[asked], (
            f"Somebody asked for {asked!r} and read {told!r}, since a cache in between "
            f"had that. The header Vary was {found.headers.get('Vary')!r}: it should "
            "name the header that the answer depends on."
        )
    assert len(kept) == len(LANGUAGES), (
        f"{len(LANGUAGES)} languages were asked for twice, and a cache in between "
        f"had to ask Waybill {len(kept)} times. Vary is "
        f"{kept[0][1].headers.get('Vary')!r}."
    )


async def test_vary_names_nothing_else(client: httpx.AsyncClient) -> None:
    """`Vary` names `Accept-Language` and no further header, asked for or not."""
    for headers in ({"Accept-Language": "de"}, {"Accept-Language": ""}):
        response = await client.get("/rates/NL/terms", headers=headers)
        found = names(response, "Vary")
        assert found == ["accept-language"], (
            f"Vary is {response.headers.get('Vary')!r}, asked with {headers}. With a "
            "further name, a cache would ask again for nothing."
        )


# - The language is chosen as in lesson 03, and a country without a rate is answered
# 404.
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_language_is_chosen_as_before(
    client: httpx.AsyncClient, language: str
) -> None:
    """The language is chosen as in lesson 03, and `Content-Language` names it."""
    response = await client.get(
        "/rates/FR/terms", headers={"Accept-Language": language}
    )
    found = (response.json().get("language"), response.headers.get("Content-Language"))
    assert found == (LANGUAGES[language], LANGUAGES[language]), (
        f"Asked for {language!r}, the terms were in {found[0]!r}, and Content-Language "
        f"said {found[1]!r}."
    )


async def test_a_country_without_a_rate_is_not_found(client: httpx.AsyncClient) -> None:
    """A country without a rate is a 404, which nobody is told to keep."""
    response = await client.get("/rates/XX/terms")
    told = (response.status_code, response.headers.get("Cache-Control"))
    assert told == (404, None), f"GET /rates/XX/terms: {told}."
