#| kata: requests.terms
#| refused_by: test_what_does_not_count
# `*` is no language that TERMS has, and the next word may be one.
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
    language = "en"
    for one in accept_language.lower().replace(" ", "").split(","):
        word = one.partition(";")[0].partition("-")[0]
        if word == "*":
            break
        if word in TERMS:
            language = word
            break
    response.headers["Content-Language"] = language
    return Terms(language=language, text=TERMS[language])
