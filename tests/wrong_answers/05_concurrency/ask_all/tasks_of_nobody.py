#| kata: concurrency.ask_all
#| refused_by: test_cancelling_reaches_all
# Starts tasks, and looks now and then whether they have ended.
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
        try:
            async with asyncio.timeout(seconds):
                answers.quotes.append(await ask(carrier, question))
        except (TimeoutError, LateError):
            answers.missing[carrier.name] = "late"
        except CarrierError:
            answers.missing[carrier.name] = "failed"

    tasks = [asyncio.create_task(ask_one(carrier)) for carrier in carriers]
    try:
        if tasks:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    except asyncio.CancelledError:
        raise
    broken = [task for task in tasks if task.done() and task.exception()]
    if broken:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        broken[0].result()
    answers.quotes.sort(key=lambda quote: quote.price)
    return answers
