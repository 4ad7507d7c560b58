#| kata: requests.terms
#| refused_by: test_what_does_not_count
# fr-NL is French, as it is spoken in the Netherlands.
from typing import Annotated

from fastapi import Header, Response
from pydantic import BaseModel
import re


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
async def read_terms(country: CountryCode, response: Response, accept_language: Annotated[str, Header()] = "en") -> Terms:
    """Return the terms in the first language asked for that Waybill speaks."""
    find_rate(country)
    asked = re.findall(r"\b[a-z]{2}\b", accept_language.lower())
    language = next((word for word in asked if word in TERMS), "en")
    response.headers["Content-Language"] = language
    return Terms(language=language, text=TERMS[language])
