#| kata: requests.terms
#| refused_by: test_terms_are_looked_up_when_asked
# Looks into a list of its own instead of TERMS.
from typing import Annotated

from fastapi import Header, Response
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
    language = next((code for code in asked if code in ("en", "de", "nl")), "en")
    response.headers["Content-Language"] = language
    return Terms(language=language, text=TERMS[language])
