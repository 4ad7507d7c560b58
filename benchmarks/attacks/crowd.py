"""People who sign in at once, in a process of their own.

Beside the reader whom they are measured by, in one process, they would be his delay:
85 connections in one pool of httpx cost a client three times what they cost a server.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from multiprocessing import get_context

import httpx

from attacks.waybill import LONGEST_ANSWER

Form = dict[str, str]
Crowd = Callable[[Sequence[Sequence[Form]]], Coroutine[None, None, Counter[int]]]
"""Sends each person's forms one after the other; returns how often a status came."""


@asynccontextmanager
async def crowd(url: str) -> AsyncIterator[Crowd]:
    """Start a process that signs people in at an address."""
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:

        async def send(people: Sequence[Sequence[Form]]) -> Counter[int]:
            work = partial(_run, url, people)
            return await loop.run_in_executor(pool, work)

        await send([])  # its imports are over before anything is measured
        yield send


def _run(url: str, people: Sequence[Sequence[Form]]) -> Counter[int]:
    return asyncio.run(_sign_in(url, people))


async def _sign_in(url: str, people: Sequence[Sequence[Form]]) -> Counter[int]:
    async with AsyncExitStack() as opened:
        clients = [
            await opened.enter_async_context(
                httpx.AsyncClient(
                    base_url=url,
                    timeout=LONGEST_ANSWER,
                    transport=httpx.AsyncHTTPTransport(verify=False),
                )
            )
            for _ in people
        ]

        async def person(client: httpx.AsyncClient, forms: Sequence[Form]) -> list[int]:
            return [
                (await client.post("/v1/token", data=form)).status_code
                for form in forms
            ]

        statuses = await asyncio.gather(*map(person, clients, people))
    return Counter(status for each in statuses for status in each)
