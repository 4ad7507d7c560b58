#| kata: concurrency.ask_all
#| refused_by: test_the_cheapest_comes_first
# A quote of 0 euros came: only an answer that is missing is missing.
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from pydantic import BaseModel

Ask = Callable[[Carrier, Question], Awaitable[Quote]]


class Quotes(BaseModel):
    """What carriers charge, the cheapest first, and who is missing."""

    quotes: list[Quote]
    missing: dict[str, Literal["late", "failed"]]


async def ask_all(
    ask: Ask, carriers: Sequence[Carrier], question: Question, seconds: float
) -> Quotes:
    """Ask all carriers at once; whoever has no quote in time is missing."""
    quotes: list[Quote] = []
    missing: dict[str, Literal["late", "failed"]] = {one.name: "late" for one in carriers}

    async def ask_one(carrier: Carrier) -> None:
        try:
            quote = await ask(carrier, question)
        except LateError:
            return
        except CarrierError:
            missing[carrier.name] = "failed"
            return
        if quote.price:
            quotes.append(quote)
        del missing[carrier.name]

    try:
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            for carrier in carriers:
                group.create_task(ask_one(carrier))
    except TimeoutError:
        pass
    quotes.sort(key=lambda quote: quote.price)
    return Quotes(quotes=quotes, missing=missing)
