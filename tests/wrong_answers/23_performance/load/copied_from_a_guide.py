#| kata: performance.load
#| refused_by: test_it_is_sent_when_it_is_due
# Each waits for the one before.
import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.latency import Visit


async def load(
    ask: Callable[[], Awaitable[object]],
    rate: float,
    many: int,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> list[Visit]:
    """Send so many requests, `rate` of them in a second, and return how they went."""
    visits = []
    for _ in range(many):
        sent = clock()
        await ask()
        visits.append(Visit(due=sent, sent=sent, answered=clock()))
        await sleep(1 / rate)
    return visits
