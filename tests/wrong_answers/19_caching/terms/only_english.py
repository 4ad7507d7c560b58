#| kata: caching.terms
#| refused_by: test_a_cache_in_between_mixes_no_languages
# No header needed: there is one language.
from fastapi import Header
from pydantic import BaseModel


class Terms(BaseModel):
    """What a sender agrees to, in one language."""

    language: str
    text: str


TERMS = {
    "en": "Delivered within three working days.",
    "de": "Zustellung innerhalb von drei Werktagen.",
    "nl": "Bezorgd binnen drie werkdagen.",
}


@router.get("/{country}/terms")
async def read_terms(
    country: CountryCode,
    response: Response,
    accept_language: Annotated[str, Header()] = "en",
) -> Terms:
    """Return the terms in the first language asked for that Waybill speaks."""
    find_rate(country)
    entries = accept_language.lower().split(",")
    asked = [entry.partition(";")[0].partition("-")[0].strip() for entry in entries]
    language = "en" if asked else "en"
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Vary"] = "Accept-Language"
    return Terms(language=language, text=TERMS[language])
