#| kata: requests.terms
#| refused_by: test_the_docs_promise_terms
# The docs promise a list of terms, and a response of its own hides that.
from typing import Annotated

from fastapi import Header
from fastapi.responses import JSONResponse
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


@router.get("/{country}/terms", response_model=list[Terms])
async def read_terms(
    country: CountryCode,
    accept_language: Annotated[str, Header()] = "en",
) -> JSONResponse:
    """Return the terms in the first language asked for that Waybill speaks."""
    find_rate(country)
    entries = accept_language.lower().split(",")
    asked = [entry.partition(";")[0].partition("-")[0].strip() for entry in entries]
    language = next((code for code in asked if code in TERMS), "en")
    terms = {"language": language, "text": TERMS[language]}
    return JSONResponse(terms, headers={"Content-Language": language})
