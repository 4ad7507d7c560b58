"""Many at once: parcels, scans and streams."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from sqlalchemy import text

from attacks.measure import PARCEL, Times, counted, ms, repeat, said, timed
from attacks.place import GENEROUS, Attack, Outcome, Place
from attacks.waybill import Caller, Waybill

A_STREAMS_ACCOUNT = 5
"""How many streams one account may have open."""
GONE_AFTER = 5
"""Seconds in which a server has to be gone."""
SCAN = {"depot": "BER", "kind": "arrived", "at": "2026-03-02T09:00:00Z"}


async def posts(place: Place, connections: int) -> Outcome:
    """Hand in parcels over many connections; each one must be there afterwards."""
    waybill = await place.waybill()
    each = max(1, place.many(600, 40) // connections)
    callers = await waybill.callers(connections)
    times = Times()
    async with waybill.client() as client:

        async def hand_in(caller: Caller) -> list[httpx.Response]:
            url, headers = "/v1/parcels", caller.headers
            return [
                await timed(times, client.post(url, json=PARCEL, headers=headers))
                for _ in range(each)
            ]

        start = time.perf_counter()
        answers = await asyncio.gather(*(hand_in(caller) for caller in callers))
        seconds = time.perf_counter() - start
    sent = [answer for some in answers for answer in some]
    owners = ", ".join(str(caller.id) for caller in callers)
    async with waybill.sessions() as session:
        query = f"SELECT count(*) FROM parcels WHERE owner_id IN ({owners})"  # noqa: S608
        kept = await session.scalar(text(query))
    measured = (
        f"{said(counted(sent))}, {kept} kept, {len(sent) / seconds:.0f} a second, "
        f"p50 {ms(times.part(0.5))}, p99 {ms(times.p99)}"
    )
    return Outcome(measured, counted(sent) == {201: len(sent)} and kept == len(sent))


async def posts_of_20(place: Place) -> Outcome:
    """20 connections hand in parcels."""
    return await posts(place, 20)


async def posts_of_100(place: Place) -> Outcome:
    """100 connections hand in parcels."""
    return await posts(place, place.many(100, 30))


async def handed_in(client: httpx.AsyncClient, owner: Caller) -> int:
    """Hand in a parcel, and return its id."""
    answer = await client.post("/v1/parcels", json=PARCEL, headers=owner.headers)
    number: int = answer.json()["id"]
    return number


async def one_scan_at_once(place: Place) -> Outcome:
    """20 scanners report the same scan at the same moment."""
    waybill = await place.waybill()
    (owner,) = await waybill.callers(1)
    (courier,) = await waybill.callers(1, "dispatcher")  # scans whatever it likes
    async with waybill.client() as client:
        path = f"/v1/parcels/{await handed_in(client, owner)}/scans"
        sent = (
            client.post(path, json=SCAN, headers=courier.headers) for _ in range(20)
        )
        heard = counted(await asyncio.gather(*sent))
    return Outcome(said(heard), heard == {201: 1, 409: 19})


async def late_scan(place: Place) -> Outcome:
    """A scan commits later than one that began after it: does a stream show both?

    The client drops the stream when it has seen one, and resumes after that.
    """
    waybill = await place.waybill()
    (owner,) = await waybill.callers(1)
    (courier,) = await waybill.callers(1, "dispatcher")  # scans whatever it likes
    async with waybill.client() as client:
        number = await handed_in(client, owner)
        url = f"/v1/parcels/{number}/scans"
        second = SCAN | {"at": "2026-03-02T10:00:00Z"}
        async with scanning(waybill, number) as first_commits:
            later = asyncio.create_task(
                client.post(url, json=second, headers=courier.headers)
            )
            # Either it waits for the first one, or a reader sees it meanwhile.
            seen = await events(client, owner, number, after=0, wanted=1, wait=3)
            await first_commits()
            answer = await later
        after = max(seen, default=0)
        wanted = 2 - len(seen)
        seen += await events(client, owner, number, after, wanted, wait=30)
    async with waybill.sessions() as session:
        query = text("SELECT id FROM scans WHERE parcel_id = :id ORDER BY id")
        kept = [*await session.scalars(query, {"id": number})]
    measured = f"{answer.status_code}; {len(kept)} scans, {len(seen)} streamed"
    return Outcome(measured, len(kept) == 2 and sorted(seen) == kept)


@asynccontextmanager
async def scanning(
    waybill: Waybill, number: int
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Note a scan by the service's own code; it is committed when you say so."""
    from waybill import parcels
    from waybill.schemas import ScanCreate
    from waybill.tables import Account

    async with waybill.sessions() as session:
        data = ScanCreate.model_validate(SCAN)
        if hasattr(parcels, "keep_scan"):
            parcel = await parcels.scanned_parcel(number, session, dispatcher())
            await parcels.keep_scan(session, parcel, data)
        else:  # a Waybill from before lesson 15
            await parcels.add_scan(number, data, session, Account())
        yield session.commit


def dispatcher() -> Any:  # noqa: ANN401  # of the Waybill under attack
    """Return an account that may scan every parcel."""
    from waybill.tables import Account, Role

    return Account(id=0, email="dispatcher@example.com", role=Role.DISPATCHER)


async def events(
    client: httpx.AsyncClient,
    owner: Caller,
    number: int,
    after: int,
    wanted: int,
    wait: float,
) -> list[int]:
    """Return the ids of as many events as are wanted, or of those that came in time."""
    ids: list[int] = []
    headers = owner.headers | {"Last-Event-ID": str(after)}
    path = f"/v1/parcels/{number}/events"
    try:
        async with (
            asyncio.timeout(wait),
            client.stream("GET", path, headers=headers) as stream,
        ):
            async for line in stream.aiter_lines():
                if line.startswith("id:"):
                    ids.append(int(line.removeprefix("id:")))
                if len(ids) >= wanted:
                    break
    except TimeoutError:
        return ids
    return ids


async def streams(place: Place) -> Outcome:
    """300 streams are open, somebody reads, and then the server is asked to stop."""
    many = place.many(300, 20)
    async with place.serving(**GENEROUS) as waybill, waybill.client() as client:
        callers = await waybill.callers(math.ceil(many / A_STREAMS_ACCOUNT))
        paths = [
            f"/v1/parcels/{await handed_in(client, caller)}/events"
            for caller in callers
        ]
        opened, ended = asyncio.Semaphore(0), Counter[str]()

        async def follow(number: int) -> None:
            caller, path = callers[number % len(callers)], paths[number % len(callers)]
            try:
                async with client.stream("GET", path, headers=caller.headers) as stream:
                    opened.release()
                    await stream.aread()
                    ended[str(stream.status_code)] += 1
            except httpx.HTTPError as error:
                opened.release()
                ended[type(error).__name__] += 1

        def read() -> "asyncio.Future[httpx.Response]":
            asked = client.get("/v1/parcels", headers=callers[0].headers)
            return asyncio.ensure_future(asked)

        reads = place.many(50, 5)
        alone, _ = await repeat(read, lambda done: done >= reads)
        following = [asyncio.create_task(follow(number)) for number in range(many)]
        for _ in range(many):
            await opened.acquire()
        beside, heard = await repeat(read, lambda done: done >= reads)
        gone = await waybill.stop(patience=60)
        if gone is not None:
            await asyncio.wait(following, timeout=30)
    measured = (
        f"reader p50 {ms(beside.part(0.5))}, {ms(alone.part(0.5))} alone; "
        f"{'still there' if gone is None else f'gone in {gone:.1f} s'}; "
        f"ended: {dict(ended)}"
    )
    right = gone is not None and ended == {"200": many} and set(heard) == {200}
    return Outcome(measured, right and place.in_time(gone or 0, GONE_AFTER))


async def sixth_stream(place: Place) -> Outcome:
    """An account opens more streams than its workers may lend it, five each."""
    waybill, most = await place.waybill(), A_STREAMS_ACCOUNT * place.workers
    async with waybill.client() as client:
        (caller,) = await waybill.callers(1)
        path = f"/v1/parcels/{await handed_in(client, caller)}/events"
        asked = client.build_request("GET", path, headers=caller.headers)
        opened = [await client.send(asked, stream=True) for _ in range(most + 1)]
        heard = counted(opened)
        for one in opened:
            await one.aclose()
    right = A_STREAMS_ACCOUNT <= heard[200] <= most and set(heard) == {200, 429}
    return Outcome(said(heard), right)


async def many_callers(place: Place) -> Outcome:
    """Many addresses ask once: how long does the worst of them hold up the others?"""
    from waybill.limits import Limit, TokenBucket

    bucket, times = TokenBucket(Limit(100, 60)), Times()
    for number in range(place.many(300_000, 3_000)):
        start = time.thread_time()  # what other programs take doesn't count
        await bucket.hit(f"address {number}")
        times.seconds.append(time.thread_time() - start)
    worst = max(times.seconds)
    return Outcome(f"the worst of them computed {ms(worst)}", place.in_time(worst, 0.1))


ATTACKS: tuple[Attack, ...] = (
    posts_of_20,
    posts_of_100,
    one_scan_at_once,
    late_scan,
    sixth_stream,
    streams,
    many_callers,
)
