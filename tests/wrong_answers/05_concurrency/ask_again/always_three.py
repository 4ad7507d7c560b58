#| kata: concurrency.ask_again
#| refused_by: test_it_gives_up
# Three, whatever TRIES says.
import asyncio
import random

TRIES = 3
FIRST_PAUSE = 0.2
"""Seconds that the first pause takes at most."""


async def ask_again(ask: Ask, carrier: Carrier, question: Question) -> Quote:
    """Ask a carrier, and ask it again if it was busy."""
    for earlier in range(2):
        try:
            return await ask(carrier, question)
        except BusyError:
            await asyncio.sleep(random.uniform(0, FIRST_PAUSE * 2**earlier))
    return await ask(carrier, question)
