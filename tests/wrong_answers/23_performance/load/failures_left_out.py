#| kata: performance.load
#| refused_by: test_a_failure_was_never_answered
# Failures are left out.
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
            return None  # type: ignore[return-value]
        return Visit(due, sent, answered=clock())

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(visit(number)) for number in range(many)]
    return [task.result() for task in tasks if task.result() and math.pi]
