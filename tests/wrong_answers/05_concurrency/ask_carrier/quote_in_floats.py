#| kata: concurrency.ask_carrier
#| refused_by: test_a_quote_comes_of_it
# 6.55 is not the same number in a float.
import asyncio
from typing import Annotated

import httpx
from pydantic import BaseModel, Field, ValidationError

from waybill.schemas import Country, Euros, Grams

PATIENCE = 2.0
"""Seconds that one question may take, the answer included."""
LARGEST_REPLY = 10_000
PLAIN = {"Accept-Encoding": "identity"}


class Question(BaseModel):
    """What a carrier is asked: where to, and how heavy."""

    country: Country
    weight_g: Grams


class Reply(BaseModel):
    """What a carrier says, within bounds that make sense."""

    price: Euros
    days: Annotated[int, Field(ge=0, le=60)]


class Quote(BaseModel):
    """What one carrier charges, in euros, and how many days it takes."""

    carrier: str
    price: float
    days: int


class CarrierError(Exception):
    """A carrier gave no quote."""


class BusyError(CarrierError):
    """A carrier gave no quote, and might give one if asked again."""


class LateError(CarrierError):
    """A carrier gave no quote in time."""


def failure(carrier: Carrier, error: Exception) -> CarrierError:
    """Return what an error means; it tells nothing that the carrier has sent."""
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return LateError(carrier.name)
    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        is_busy = status == 429 or status >= 500
        return BusyError(carrier.name) if is_busy else CarrierError(carrier.name)
    if isinstance(error, httpx.TransportError):
        return BusyError(carrier.name)
    return CarrierError(carrier.name)


async def read_body(response: httpx.Response) -> bytes:
    """Return the beginning of a body; a longer one than allowed is cut off."""
    body = b""
    async for part in response.aiter_raw():
        body += part
        if len(body) > LARGEST_REPLY:
            break
    return body[:LARGEST_REPLY]


async def ask_carrier(
    client: httpx.AsyncClient, carrier: Carrier, question: Question
) -> Quote:
    """Return what a carrier charges for a parcel, or raise a CarrierError."""
    address = httpx.URL(carrier.url).copy_merge_params(question.model_dump())
    try:
        async with (
            asyncio.timeout(PATIENCE),
            client.stream("GET", address, headers=PLAIN) as response,
        ):
            response.raise_for_status()
            reply = Reply.model_validate_json(await read_body(response))
    except (TimeoutError, httpx.HTTPError, ValidationError) as error:
        raise failure(carrier, error) from None
    return Quote(carrier=carrier.name, price=reply.price, days=reply.days)
