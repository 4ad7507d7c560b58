#| kata: concurrency.ask_again
#| refused_by: test_pauses_grow_and_differ
# The same random number for everybody: it was drawn at import.
import asyncio
import random

SHARE = random.random()
TRIES = 3
FIRST_PAUSE = 0.2
"""Seconds that the first pause takes at most."""


async def ask_again(ask: Ask, carrier: Carrier, question: Question) -> Quote:
    """Ask a carrier, and ask it again if it was busy."""
    for earlier in range(TRIES - 1):
        try:
            return await ask(carrier, question)
        except BusyError:
            await asyncio.sleep(SHARE * FIRST_PAUSE * 2**earlier)
    return await ask(carrier, question)
