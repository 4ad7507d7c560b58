#| kata: requests.terms
#| refused_by: test_english_otherwise
# Refuses who reads none of the three languages.
from typing import Annotated

from fastapi import Header, HTTPException, Response, status
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
    language = next((code for code in asked if code in TERMS), None)
    if language is None:
        raise HTTPException(status.HTTP_406_NOT_ACCEPTABLE, "en, de or nl")
    response.headers["Content-Language"] = language
    return Terms(language=language, text=TERMS[language])
