#| kata: requests.terms
#| refused_by: test_a_language_is_the_whole_word
# Cuts each entry after two letters: den is German now.
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
    asked = [entry.strip()[:2] for entry in entries]
    language = next((code for code in asked if code in TERMS), "en")
    response.headers["Content-Language"] = language
    return Terms(language=language, text=TERMS[language])
