#| kata: concurrency.ask_again
#| refused_by: test_pauses_grow_and_differ
# The first pause is twice as long already.
import asyncio
import random

TRIES = 3
FIRST_PAUSE = 0.2
"""Seconds that the first pause takes at most."""


async def ask_again(ask: Ask, carrier: Carrier, question: Question) -> Quote:
    """Ask a carrier, and ask it again if it was busy."""
    for earlier in range(TRIES - 1):
        try:
            return await ask(carrier, question)
        except BusyError:
            await asyncio.sleep(random.uniform(0, FIRST_PAUSE * 2 ** (earlier + 1)))
    return await ask(carrier, question)
