#| kata: requests.terms
#| refused_by: test_the_first_that_waybill_speaks
# The first that TERMS has may be the tenth.
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
async def read_terms(country: CountryCode, response: Response, accept_language: Annotated[str, Header()] = "en") -> Terms:
    """Return the terms in the first language asked for that Waybill speaks."""
    find_rate(country)
    words = [one.partition(";")[0].partition("-")[0].strip() for one in accept_language.lower().split(",")]
    language = next((word for word in words[:5] if word in TERMS), "en")
    response.headers["Content-Language"] = language
    return Terms(language=language, text=TERMS[language])
