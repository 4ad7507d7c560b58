#| kata: requests.terms
#| refused_by: test_terms_are_looked_up_when_asked
# What counts is whether a language is in TERMS, and not how long its text is.
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
    chosen = "en"
    for wanted in accept_language.split(","):
        word = wanted.partition(";")[0].partition("-")[0].strip().lower()
        if TERMS.get(word):
            chosen = word
            break
    response.headers["Content-Language"] = chosen
    return Terms(language=chosen, text=TERMS[chosen])
