#| kata: requests.terms
#| refused_by: test_the_docs_list_the_header
# Reads the header itself: nobody learns of it.
from fastapi import Request, Response
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
    request: Request,
) -> Terms:
    """Return the terms in the first language asked for that Waybill speaks."""
    find_rate(country)
    entries = request.headers.get("accept-language", "").lower().split(",")
    asked = [entry.partition(";")[0].partition("-")[0].strip() for entry in entries]
    language = next((code for code in asked if code in TERMS), "en")
    response.headers["Content-Language"] = language
    return Terms(language=language, text=TERMS[language])
