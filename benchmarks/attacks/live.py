"""Screens of depots, and what anybody may track: what they cost, whom they let in."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from attacks.measure import counted, growth, ms, repeat, said
from attacks.place import GENEROUS, Attack, Outcome, Place
from attacks.waybill import LONGEST_ANSWER, Caller, Waybill

A_SCREENS_ACCOUNT = 5
"""How many screens one account may have open."""
AS_THE_CONTAINER = ("--ws-max-size", "65536")
"""What an exported project tells uvicorn. By itself, it takes 16 MiB a message."""
LARGEST = 2**24 - 1
MOST_MB = 50
SOON = 0.5
"""Seconds in which a reader has to be answered beside a flood."""
NOTE = '{"type": "note", "text": "Gate 4 is closed"}'


async def ticket(client: httpx.AsyncClient, caller: Caller, depot: str = "HAM") -> str:
    """Ask for a ticket to a depot's screen."""
    path = f"/v1/depots/{depot}/tickets"
    answer = await client.post(path, headers=caller.headers)
    issued: str = answer.json()["ticket"]
    return issued


async def screen(
    opened: AsyncExitStack, waybill: Waybill, query: str, **options: object
) -> ClientConnection | int:
    """Open a screen of the depot HAM, or return the status of the refusal."""
    url = f"{waybill.url.replace('http', 'ws', 1)}/v1/depots/HAM/live?{query}"
    times = {"open_timeout": LONGEST_ANSWER, "close_timeout": 1}
    options = {"proxy": None} | times | options
    try:
        return await opened.enter_async_context(connect(url, **options))  # type: ignore[arg-type]
    except InvalidStatus as refused:
        return refused.response.status_code


async def screens(place: Place) -> Outcome:
    """Screens without a ticket, with a used or a foreign one, and one too many."""
    async with (
        place.serving(workers=1, **GENEROUS) as waybill,
        waybill.client() as client,
        AsyncExitStack() as opened,
    ):
        sender, courier, other = [
            (await waybill.callers(1, role))[0]
            for role in ("sender", "courier", "courier")
        ]
        path = "/v1/depots/HAM/tickets"
        refused = await client.post(path, headers=sender.headers)
        used = await ticket(client, other)
        token = courier.headers["Authorization"].partition(" ")[2]
        foreign = {"origin": "https://evil.example"}
        tries = [
            await screen(opened, waybill, f"ticket={used}"),
            await screen(opened, waybill, f"ticket={used}"),
            await screen(opened, waybill, ""),
            await screen(opened, waybill, f"ticket={token}"),
            await screen(opened, waybill, f"token={token}"),
            await screen(
                opened, waybill, f"ticket={await ticket(client, other, 'BER')}"
            ),
            await screen(
                opened, waybill, f"ticket={await ticket(client, other)}", **foreign
            ),
        ]
        let_in = [not isinstance(one, int) for one in tries]
        mine = [
            await screen(opened, waybill, f"ticket={await ticket(client, courier)}")
            for _ in range(A_SCREENS_ACCOUNT + 2)
        ]
        many = sum(not isinstance(one, int) for one in mine)
    measured = (
        f"a sender's ticket: {refused.status_code}; {sum(let_in)} of {len(tries)} let "
        f"in; {many} of {len(mine)} of one account"
    )
    right = refused.status_code == 403 and let_in == [True] + [False] * 6
    return Outcome(measured, right and many == A_SCREENS_ACCOUNT)


@asynccontextmanager
async def two_screens(
    place: Place,
) -> AsyncIterator[tuple[Waybill, httpx.AsyncClient, Caller, list[ClientConnection]]]:
    """Serve a Waybill, and open two screens of a depot there."""
    async with (
        place.serving(workers=1, **GENEROUS) as waybill,
        waybill.client() as client,
        AsyncExitStack() as opened,
    ):
        callers = await waybill.callers(2, "courier")
        pair = []
        for one in callers:
            query = f"ticket={await ticket(client, one)}"
            connection = await screen(opened, waybill, query)
            assert isinstance(connection, ClientConnection), connection
            pair.append(connection)
        yield waybill, client, callers[0], pair


async def flooding_screen(place: Place) -> Outcome:
    """A screen sends notes as fast as it can."""
    async with two_screens(place) as (waybill, client, caller, (loud, quiet)):

        async def flood() -> None:
            try:
                for _ in range(place.many(50_000, 2_000)):
                    await loud.send(NOTE)
            except ConnectionClosed:
                return

        def read() -> "asyncio.Future[httpx.Response]":
            asked = client.get("/v1/parcels", headers=caller.headers)
            return asyncio.ensure_future(asked)

        async with growth(waybill) as grown:
            flooding = asyncio.create_task(flood())
            reads = place.many(100, 20)
            beside, heard = await repeat(read, lambda done: done >= reads)
            flooding.cancel()
        shown = 0
        try:
            async with asyncio.timeout(0.5):
                while True:
                    await quiet.recv()
                    shown += 1
        except TimeoutError:
            pass
    measured = (
        f"{shown} notes shown; a reader's p99 {ms(beside.p99)}; memory "
        f"{grown.most:+.0f} MB"
    )
    right = set(heard) == {200} and 0 < shown < 60 and grown.most < MOST_MB
    return Outcome(measured, right and place.in_time(beside.p99, SOON))


async def largest_messages(place: Place) -> Outcome:
    """Each screen of an account sends messages of 16 MiB."""
    async with (
        place.serving(*AS_THE_CONTAINER, workers=1, **GENEROUS) as waybill,
        waybill.client() as client,
        AsyncExitStack() as opened,
    ):
        (caller,) = await waybill.callers(1, "courier")
        mine = []
        for _ in range(A_SCREENS_ACCOUNT):
            query = f"ticket={await ticket(client, caller)}"
            mine.append(await screen(opened, waybill, query))

        async def shout(one: ClientConnection | int) -> None:
            assert isinstance(one, ClientConnection), one
            try:
                for _ in range(place.many(6, 3)):
                    await one.send("x" * LARGEST)
            except ConnectionClosed:
                return

        async with growth(waybill) as grown:
            shouting = [asyncio.create_task(shout(one)) for one in mine]
            await asyncio.wait(shouting, timeout=5)
            for one in shouting:
                one.cancel()
        answer = await client.get("/v1/parcels", headers=caller.headers)
    measured = f"{answer.status_code} afterwards; memory {grown.most:+.0f} MB"
    return Outcome(measured, answer.is_success and grown.most < MOST_MB)


async def unknown_codes(place: Place) -> Outcome:
    """Somebody tracks parcels that aren't there, each code once."""
    async with place.serving(workers=1, **GENEROUS) as waybill:
        async with waybill.client() as client, growth(waybill) as grown:
            heard: Counter[int] = Counter()
            for _ in range(place.many(200, 10)):
                codes = [f"WB{secrets.token_hex(9).upper()}" for _ in range(50)]
                asked = (client.get(f"/v1/track/{code}") for code in codes)
                heard += counted(await asyncio.gather(*asked))
        many = heard.total()
    return Outcome(
        f"{said(heard)}; memory {grown.most:+.0f} MB",
        heard == {404: many} and grown.most < MOST_MB,
    )


ATTACKS: tuple[Attack, ...] = (
    screens,
    flooding_screen,
    largest_messages,
    unknown_codes,
)
