#| kata: concurrency.ask_all
#| refused_by: test_two_senders_at_once
# One list for all calls: the next sender clears it while the first one waits.
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from pydantic import BaseModel

Ask = Callable[[Carrier, Question], Awaitable[Quote]]


class Quotes(BaseModel):
    """What carriers charge, the cheapest first, and who is missing."""

    quotes: list[Quote]
    missing: dict[str, Literal["late", "failed"]]


FOUND: list[Quote] = []


async def ask_all(
    ask: Ask, carriers: Sequence[Carrier], question: Question, seconds: float
) -> Quotes:
    """Ask all carriers at once; whoever has no quote in time is missing."""
    quotes = FOUND
    quotes.clear()
    missing: dict[str, Literal["late", "failed"]] = {}
    for carrier in carriers:
        missing[carrier.name] = "late"

    async def note(carrier: Carrier) -> None:
        try:
            quote = await ask(carrier, question)
        except LateError:
            return
        except CarrierError:
            missing[carrier.name] = "failed"
            return
        quotes.append(quote)
        del missing[carrier.name]

    try:
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            for carrier in carriers:
                group.create_task(note(carrier))
    except TimeoutError:
        pass
    quotes.sort(key=lambda quote: quote.price)
    return Quotes(quotes=quotes, missing=missing)
