#| kata: concurrency.ask_all
#| refused_by: test_one_may_fail
# A reason that the model does not know; the route would be a 500.
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from pydantic import BaseModel

Ask = Callable[[Carrier, Question], Awaitable[Quote]]


class Quotes(BaseModel):
    """What carriers charge, the cheapest first, and who is missing."""

    quotes: list[Quote]
    missing: dict[str, Literal["late"]]


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
