"""How Waybill starts, and how it stops."""

import asyncio
import socket
import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal

from sqlalchemy import insert, text

from attacks.measure import PARCEL, counted, growth, said
from attacks.place import GENEROUS, Attack, Outcome, Place, Scale
from attacks.waybill import HOST, Caller, environment

POOL = 15
"""Connections that SQLAlchemy may keep, each with a thread."""
MOST_MB = 50
GRACE = 2
"""Seconds that whoever deploys Waybill lets open requests have."""


async def nothing_set(place: Place) -> Outcome:
    """Whoever forgets every variable gets no server, and reads why."""
    code = "import waybill.main"
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code],
        cwd=place.folder,
        env=environment(place.service),
        capture_output=True,
        text=True,
        check=False,
    )
    why = done.stderr.strip().splitlines()[-1] if done.stderr else ""
    right = done.returncode != 0 and "WAYBILL_SECRET_KEY" in why
    return Outcome(why[-100:] or "it starts", right)


async def workers_at_once(place: Place) -> Outcome:
    """Workers start together on a database without tables."""
    workers = place.many(4, 2)
    async with place.serving(workers=workers) as waybill, waybill.client() as client:
        answers = [await client.get("/v1/rates") for _ in range(8)]
        started = 0
        for _ in range(1_200):
            log = waybill.log.read_text("utf-8", "replace")
            started = log.count("Application startup complete")
            if started == workers or "Traceback" in log:
                break
            await asyncio.sleep(0.05)
    measured = f"{started} started, {said(counted(answers))}"
    return Outcome(measured, started == workers and "Traceback" not in log)


async def stalled_clients(place: Place) -> Outcome:
    """A client sends half a body, another one reads nothing, and the server must stop.

    The grace is uvicorn's, as lesson 20 tells people to keep it.
    """
    grace = ("--timeout-graceful-shutdown", str(GRACE))
    async with place.serving(*grace, **GENEROUS) as waybill:
        (caller,) = await waybill.callers(1)
        await fill(waybill.sessions, caller.id, place.many(60_000, 100))
        half = (
            "POST /v1/rates/price HTTP/1.1\r\nHost: waybill\r\n"
            "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        )
        requests = (half, get("/v1/exports/parcels.csv", caller))
        writers = [await send(waybill.url, request) for request in requests]
        await asyncio.sleep(1)
        gone = await waybill.stop(patience=60)
        for writer in writers:
            writer.close()
    measured = "still there" if gone is None else f"gone in {gone:.1f} s"
    return Outcome(measured, gone is not None and place.in_time(gone, GRACE + 3))


async def unread_exports(place: Place) -> Outcome:
    """One account opens many exports, and reads none of them."""
    async with place.serving(workers=1, **GENEROUS) as waybill:
        (caller,) = await waybill.callers(1)
        await fill(waybill.sessions, caller.id, 20_000)
        request = get("/v1/exports/parcels.jsonl", caller)
        async with growth(waybill) as grown:
            opened = [await begin(waybill.url, request) for _ in range(60)]
            heard = Counter([int((await one.readline())[9:12]) for one, _ in opened])
            await asyncio.sleep(1)
        for _, writer in opened:
            writer.transport.abort()
    measured = f"{said(heard)}; memory {grown.most:+.0f} MB"
    return Outcome(measured, heard == {200: 5, 429: 55} and grown.most < MOST_MB)


async def clients_that_leave(place: Place) -> Outcome:
    """Clients leave exports and live streams in the middle of a query.

    What a request has opened ends with it: connections, their threads, and its place
    among the streams. A server that waits for one of them would never stop.
    """
    async with place.serving(workers=1, **GENEROUS) as waybill:
        (caller,) = await waybill.callers(1)
        await fill(waybill.sessions, caller.id, place.many(20_000, 1_000))
        async with waybill.client() as client:
            parcel = await client.post(
                "/v1/parcels", json=PARCEL, headers=caller.headers
            )
            tracked = parcel.json()["id"]
            paths = ("/v1/exports/parcels.csv", f"/v1/parcels/{tracked}/events")
            before = waybill.process.num_threads()
            for number in range(place.many(200, 20)):
                await leave(waybill.url, paths[number % 2], caller, number / 1_000)
            answers = [
                await client.get("/v1/parcels", headers=caller.headers)
                for _ in range(10)
            ]
            left = waybill.process.num_threads() - before
        gone = await waybill.stop(patience=60)
        log = waybill.log.read_text("utf-8", "replace")
    ended = "still there" if gone is None else f"gone in {gone:.1f} s"
    right = counted(answers) == {200: 10} and "Traceback" not in log
    return Outcome(
        f"{said(counted(answers))}, {left} threads more, {ended}",
        right and left <= POOL and gone is not None and place.in_time(gone, 5),
    )


async def leave(url: str, path: str, caller: Caller, after: float) -> None:
    """Ask for something that is streamed, and go away so many seconds later."""
    writer = await send(url, get(path, caller))
    await asyncio.sleep(after)
    writer.transport.abort()


def get(path: str, caller: Caller) -> str:
    """Return a request as it is sent."""
    shown = f"Authorization: {caller.headers['Authorization']}"
    return f"GET {path} HTTP/1.1\r\nHost: waybill\r\n{shown}\r\n\r\n"


async def send(url: str, request: str) -> asyncio.StreamWriter:
    """Send a request on a connection of its own, from which nobody reads."""
    _, writer = await begin(url, request)
    return writer


async def begin(
    url: str, request: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send a request on a connection of its own; what is not read has to wait."""
    port = int(url.rpartition(":")[2])
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.setblocking(False)
    await asyncio.get_running_loop().sock_connect(small, (HOST, port))
    reader, writer = await asyncio.open_connection(sock=small, limit=1024)
    writer.write(request.encode())
    await writer.drain()
    return reader, writer


async def fill(sessions: "object", owner: int, count: int) -> None:
    """Give somebody many parcels."""
    from waybill.tables import Parcel

    row = {"owner_id": owner, "to": PARCEL["to"], "weight_g": 1, "value": Decimal(1)}
    async with sessions.begin() as session:  # type: ignore[attr-defined]
        for start in range(0, count, 5_000):
            numbers = range(start, min(start + 5_000, count))
            rows = [row | {"tracking_code": f"WB{number:018}"} for number in numbers]
            await session.execute(insert(Parcel), rows)


async def locked_database(place: Place) -> Outcome:
    """Another program has locked the database: a request is told to come back."""
    if place.scale is Scale.SHORT:
        return Outcome("left out of a short run: it takes its time", passed=True)
    async with place.serving(workers=1, **GENEROUS) as waybill:
        (caller,) = await waybill.callers(1)

        async def hand_in() -> int:
            sent = {"json": PARCEL, "headers": caller.headers}
            async with waybill.client() as client:
                return (await client.post("/v1/parcels", **sent)).status_code

        async with waybill.sessions() as session:
            on_sqlite = session.get_bind().dialect.name == "sqlite"
            lock = "BEGIN IMMEDIATE" if on_sqlite else "LOCK TABLE parcels"
            await session.execute(text(lock))
            start = time.perf_counter()
            meanwhile = await asyncio.wait_for(hand_in(), 120)
            waited = time.perf_counter() - start
        afterwards = await hand_in()
        log = waybill.log.read_text("utf-8", "replace")
    told = PARCEL["to"]["name"] in log
    measured = f"{meanwhile} after {waited:.0f} s, then {afterwards}"
    right = (meanwhile, afterwards, told) == (503, 201, False)
    return Outcome(
        f"{measured}; the log names {'people' if told else 'nobody'}",
        right and place.in_time(waited, 30),
    )


async def redis_is_gone(place: Place) -> Outcome:
    """Where the workers should count together, nobody answers."""
    rare = {"WAYBILL_LIMIT_REQUESTS": "5", "WAYBILL_LIMIT_SECONDS": "86400"}
    gone = {"WAYBILL_REDIS_URL": f"redis://{HOST}:1/0"}
    async with (
        place.serving(workers=1, **rare, **gone) as waybill,
        waybill.client() as client,
    ):
        start = time.perf_counter()
        heard = counted([await client.get("/v1/rates") for _ in range(8)])
        each = (time.perf_counter() - start) / 8
    measured = f"{said(heard)}, {1000 * each:.0f} ms each"
    return Outcome(measured, heard == {200: 5, 429: 3} and place.in_time(each, 0.5))


ATTACKS: tuple[Attack, ...] = (
    nothing_set,
    workers_at_once,
    stalled_clients,
    unread_exports,
    clients_that_leave,
    locked_database,
    redis_is_gone,
)
