#| kata: concurrency.ask_all
#| refused_by: test_one_may_fail
# `gather`: the first failure is everybody's. (Sorted.)
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
    quotes = await asyncio.gather(*(ask(carrier, question) for carrier in carriers))
    return Quotes(quotes=quotes, missing={}).model_copy(
        update={"quotes": sorted(quotes, key=lambda quote: quote.price)}
    )
