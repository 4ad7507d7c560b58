#| kata: concurrency.quotes
#| refused_by: test_a_refusal_names_nobody
# A header of the 502 names the carriers that failed.
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, status
from fastapi.requests import HTTPConnection

from waybill.carriers import AppCarriers, Ask, Question, Quotes, ask_all
from waybill.schemas import Country, Grams

router = APIRouter(prefix="/quotes")
DEADLINE = 3.0
"""Seconds that a sender waits: PATIENCE, and more for a late start or a new try."""


async def app_ask(connection: HTTPConnection) -> Ask:
    """Return the function that asks a carrier, as the lifespan has left it."""
    ask: Ask = connection.app.state.ask
    return ask


AppAsk = Annotated[Ask, Depends(app_ask)]


@router.get("")
async def read_quotes(
    country: Country, weight_g: Grams, ask: AppAsk, settings: AppCarriers
) -> Quotes:
    """Return what carriers charge for a parcel; who can't say so in time is missing."""
    question = Question(country=country, weight_g=weight_g)
    answer = await ask_all(ask, settings.by_name(), question, DEADLINE)
    if answer.quotes:
        return answer
    if answer.missing and all(why == "late" for why in answer.missing.values()):
        raise HTTPException(
            status.HTTP_504_GATEWAY_TIMEOUT, "No carrier has answered in time."
        )
    raise HTTPException(status.HTTP_502_BAD_GATEWAY, "No carrier has a quote.",
        {"X-Missing": ", ".join(answer.missing)})
