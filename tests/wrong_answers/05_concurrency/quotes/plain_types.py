#| kata: concurrency.quotes
#| refused_by: test_no_parcel_no_question
# Leaves the bounds to the question, whose refusal is a crash.
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, status
from fastapi.requests import HTTPConnection

from waybill.carriers import AppCarriers, Ask, Question, Quotes, ask_all

router = APIRouter(prefix="/quotes")
DEADLINE = 3.0
"""Seconds that a sender waits for quotes at most."""


async def app_ask(connection: HTTPConnection) -> Ask:
    """Return the function that asks a carrier, as the lifespan has left it."""
    ask: Ask = connection.app.state.ask
    return ask


AppAsk = Annotated[Ask, Depends(app_ask)]


@router.get("")
async def read_quotes(
    country: str, weight_g: int, ask: AppAsk, settings: AppCarriers
) -> Quotes:
    """Return what carriers charge for a parcel; who can't say so in time is missing."""
    question = Question(country=country, weight_g=weight_g)
    answers = await ask_all(ask, settings.by_name(), question, DEADLINE)
    if not answers.quotes:
        late = {*answers.missing.values()} == {"late"}
        code = status.HTTP_504_GATEWAY_TIMEOUT if late else status.HTTP_502_BAD_GATEWAY
        raise HTTPException(code, "No carrier has a quote now.")
    return answers
