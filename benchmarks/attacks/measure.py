"""Counting and timing."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from attacks.waybill import Waybill

PARCEL = {
    "to": {
        "name": "Lena Vogt",
        "street": "Torstraße 12",
        "city": "Berlin",
        "postcode": "10119",
        "country": "DE",
    },
    "weight_g": 750,
    "value": "19.90",
}


@dataclass
class Times:
    """How long each of many requests took, in seconds."""

    seconds: list[float] = field(default_factory=list)

    def part(self, share: float) -> float:
        """Return what this share of them took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def p99(self) -> float:
        """Return what all but one in a hundred took at most."""
        return self.part(0.99)


def ms(seconds: float) -> str:
    """Return a time for the table."""
    return f"{1000 * seconds:.0f} ms"


def counted(responses: Iterable[httpx.Response]) -> Counter[int]:
    """Return how often each status came."""
    return Counter(response.status_code for response in responses)


def said(counts: Counter[int]) -> str:
    """Return the statuses for the table: 20 x 201, 1 x 409."""
    return ", ".join(f"{count} x {status}" for status, count in sorted(counts.items()))


async def timed(times: Times, request: Awaitable[httpx.Response]) -> httpx.Response:
    """Wait for an answer, and note how long that took."""
    start = time.perf_counter()
    response = await request
    times.seconds.append(time.perf_counter() - start)
    return response


async def repeat(
    ask: Callable[[], Awaitable[httpx.Response]],
    until: Callable[[int], bool],
    pause: float = 0.02,
) -> tuple[Times, Counter[int]]:
    """Ask again and again until it is enough; return the times and the statuses."""
    times, counts = Times(), Counter[int]()
    while not until(len(times.seconds)):
        counts[(await timed(times, ask())).status_code] += 1
        await asyncio.sleep(pause)
    return times, counts


@dataclass
class Growth:
    """How much memory a server takes on top of what it held before."""

    most: float = 0


@asynccontextmanager
async def growth(waybill: Waybill) -> AsyncIterator[Growth]:
    """Watch a server's memory while the block runs."""
    before, found = waybill.memory(), Growth()

    async def watch() -> None:
        while True:
            found.most = max(found.most, waybill.memory() - before)
            await asyncio.sleep(0.1)

    task = asyncio.create_task(watch())
    try:
        yield found
    finally:
        task.cancel()
        found.most = max(found.most, waybill.memory() - before)
