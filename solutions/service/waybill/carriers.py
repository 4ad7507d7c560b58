"""The carriers that Waybill asks what they would charge."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import httpx
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, HttpUrl, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from waybill.schemas import Country, Euros, Grams

# kata: concurrency.notice
router = APIRouter(prefix="/carriers")
LONGEST_NOTICE = 500


class Carrier(NamedTuple):
    """Whom Waybill asks for a quote, and where."""

    name: str
    url: str


class CarrierSettings(BaseSettings):
    """Whom Waybill asks, as WAYBILL_CARRIERS; what its staff says to senders."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    carriers: dict[str, HttpUrl] = {}
    notice_file: Path = Path("notice.txt")

    def by_name(self) -> list[Carrier]:
        """Return the carriers in alphabetical order."""
        return [Carrier(name, str(url)) for name, url in sorted(self.carriers.items())]


@lru_cache
def get_carrier_settings() -> CarrierSettings:
    """Return the settings of this process, read once."""
    return CarrierSettings()


async def carrier_settings() -> CarrierSettings:
    """Return whom Waybill asks."""
    return get_carrier_settings()


AppCarriers = Annotated[CarrierSettings, Depends(carrier_settings)]


def read_text(file: Path) -> str:
    """Return the beginning of a file; on some days that takes seconds."""
    try:
        with file.open(encoding="utf-8", errors="replace") as notice:
            return notice.read(LONGEST_NOTICE)
    except OSError:
        return ""


@router.get("")
async def list_carriers(settings: AppCarriers) -> list[str]:
    """Return the names of the carriers that Waybill asks."""
    return [carrier.name for carrier in settings.by_name()]


@router.get("/notice")
def read_notice(settings: AppCarriers) -> str:
    """Return what Waybill's staff wants senders to know."""
    return read_text(settings.notice_file)


# kata: concurrency.ask_carrier
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
    price: Decimal
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


# kata: concurrency.ask_all
Ask = Callable[[Carrier, Question], Awaitable[Quote]]


class Quotes(BaseModel):
    """What carriers charge, the cheapest first, and who is missing."""

    quotes: list[Quote]
    missing: dict[str, Literal["late", "failed"]]


async def ask_all(
    ask: Ask, carriers: Sequence[Carrier], question: Question, seconds: float
) -> Quotes:
    """Ask all carriers at once; whoever has no quote in time is missing."""
    answers = Quotes(quotes=[], missing={})

    async def ask_one(carrier: Carrier) -> None:
        try:
            async with asyncio.timeout(seconds):
                answers.quotes.append(await ask(carrier, question))
        except (TimeoutError, LateError):
            answers.missing[carrier.name] = "late"
        except CarrierError:
            answers.missing[carrier.name] = "failed"

    async with asyncio.TaskGroup() as group:
        for carrier in carriers:
            group.create_task(ask_one(carrier))
    answers.quotes.sort(key=lambda quote: quote.price)
    return answers


# kata: concurrency.ask_again
TRIES = 3
FIRST_PAUSE = 0.2
"""Seconds that the first pause takes at most."""


async def ask_again(ask: Ask, carrier: Carrier, question: Question) -> Quote:
    """Ask a carrier, and ask it again if it was busy."""
    for earlier in range(TRIES - 1):
        try:
            return await ask(carrier, question)
        except BusyError:
            await asyncio.sleep(random.uniform(0, FIRST_PAUSE * 2**earlier))
    return await ask(carrier, question)
