#| kata: concurrency.ask_all
#| refused_by: test_one_may_fail
# Catches around the group: one failure ends all.
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
    answers = Quotes(quotes=[], missing={})

    async def ask_one(carrier: Carrier) -> None:
        answers.quotes.append(await ask(carrier, question))

    try:
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            for carrier in carriers:
                group.create_task(ask_one(carrier))
    except* CarrierError:
        pass
    got = {quote.carrier for quote in answers.quotes}
    answers.missing = {one.name: "failed" for one in carriers if one.name not in got}
    answers.quotes.sort(key=lambda quote: quote.price)
    return answers
