#| kata: performance.load
#| refused_by: test_a_test_that_is_late_sends_at_once
# Each pause is after the request before, so it stays late.
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
        sent = clock()
        try:
            await ask()
        except httpx.HTTPError:
            return Visit(due, sent, answered=math.inf)
        return Visit(due, sent, answered=clock())

    tasks = []
    async with asyncio.TaskGroup() as group:
        for number in range(many):
            tasks.append(group.create_task(visit(number)))
            await sleep(1 / rate)
    return [task.result() for task in tasks]
