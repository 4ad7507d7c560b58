#| kata: performance.load
#| refused_by: test_a_visit_says_how_it_went
# In the order in which they end.
import asyncio
import math
import time
from collections.abc import Awaitable, Callable

import httpx

from tests.latency import Visit


async def load(
    ask: Callable[[], Awaitable[object]],
    rate: float,
    many: int,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> list[Visit]:
    """Send so many requests, `rate` of them in a second, and return how they went."""
    start = clock()

    async def visit(number: int) -> Visit:
        due = start + number / rate
        await sleep(due - clock())
        sent = clock()
        try:
            await ask()
        except httpx.HTTPError:
            return Visit(due, sent, answered=math.inf)
        return Visit(due, sent, answered=clock())

    tasks = [visit(number) for number in range(many)]
    return [await one for one in asyncio.as_completed(tasks)]
