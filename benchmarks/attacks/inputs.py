"""Attacks with what is sent: too much of it, or things that nobody expects."""

import asyncio
import csv
import io
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

from attacks.measure import PARCEL, counted, growth, ms, repeat, said
from attacks.place import Attack, Outcome, Place
from attacks.waybill import Caller, Waybill

MIB = 1024 * 1024
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MOST_MB = 50
MOST_BYTES = 1_000_000
"""What a refusal may weigh."""
LONGEST_WAIT = 0.5
"""Seconds that one request may hold up all others."""


async def pieces(mebibytes: int) -> AsyncIterator[bytes]:
    """Yield a body whose length nobody announced."""
    for _ in range(16 * mebibytes):
        yield b"x" * (MIB // 16)


async def large_bodies(place: Place) -> Outcome:
    """Bodies of 200 MiB, of people who have no token, some at once."""
    waybill = await place.waybill()
    size, times = place.many(200, 8), place.many(2, 1)
    async with waybill.client() as client, growth(waybill) as grown:
        answers = await asyncio.gather(
            *(
                client.post(path, content=pieces(size), headers=kind)
                for path, kind in (
                    ("/v1/accounts", JSON),
                    ("/v1/parcels", JSON),
                    ("/v1/token", FORM),
                )
                for _ in range(times)
            )
        )
    heard = counted(answers)
    measured = f"{size} MiB: {said(heard)}; memory {grown.most:+.0f} MB"
    return Outcome(measured, set(heard) == {413} and grown.most < MOST_MB)


def unknown_keys(size: int) -> bytes:
    """Return a body of about this size, made of fields that nobody knows."""
    keys = ",".join(f'"{number:06x}":1' for number in range(size // 11))
    return f'{{"parcel":{{{keys}}}}}'.encode()


async def many_mistakes(place: Place) -> Outcome:
    """The largest body that is read, all mistakes: does its refusal hold up others?"""
    from waybill.app import LARGEST_BODY

    waybill = await place.waybill()
    body = unknown_keys(LARGEST_BODY - 100)
    async with waybill.client() as client:
        sent = asyncio.create_task(
            client.post("/v1/rates/price", content=body, headers=JSON)
        )
        times, _ = await repeat(
            lambda: client.get("/health"), lambda _: sent.done(), pause=0.005
        )
        refused = await sent
    longest, size = max(times.seconds), len(refused.content)
    measured = (
        f"{len(body)} bytes: {refused.status_code} with {size} bytes, "
        f"others waited {ms(longest)}"
    )
    right = refused.status_code == 422 and size < MOST_BYTES
    return Outcome(measured, right and place.in_time(longest, LONGEST_WAIT))


@dataclass(frozen=True)
class Odd:
    """A request that nobody expects, and the statuses that are right."""

    method: str
    path: str
    right: tuple[int, ...]
    content: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


def odd_fields(caller: Caller) -> list[Odd]:
    """Return requests with values that are no values."""
    shown = tuple((caller.headers | JSON).items())

    def parcel(right: int, **changed: object) -> Odd:
        body = json.dumps(PARCEL | changed).encode()
        return Odd("POST", "/v1/parcels", (right,), body, shown)

    name = {"to": PARCEL["to"] | {"name": "Lena\0Vogt"}}  # type: ignore[operator]
    half = {"to": PARCEL["to"] | {"name": "\ud800"}}  # type: ignore[operator]
    return [
        parcel(422, **name),
        parcel(422, **half),
        *(parcel(422, value=value) for value in ("NaN", "sNaN", "1e-999999999", "-1")),
        *(parcel(201, value=value) for value in ("0E+999999999", "-0.00", "1e4")),
        *(parcel(422, weight_g=grams) for grams in (0, 30_001, 2**31, 2**64, "")),
        Odd("POST", "/v1/rates/price", (422,), b'{"parcel":{"\\ud800":1}}', shown),
        Odd("POST", "/v1/rates/price", (400, 422), b"[" * 60_000, shown),
        Odd("POST", "/v1/rates/price", (422,), b"\xff\xfe", shown),
    ]


def odd_paths(caller: Caller) -> list[Odd]:
    """Return requests for ids and names that can't be."""
    shown = tuple(caller.headers.items())

    def get(path: str, *right: int, **headers: str) -> Odd:
        more = tuple((k.replace("_", "-"), v) for k, v in headers.items())
        return Odd("GET", path, right, headers=(*shown, *more))

    edge = (2**31, 2**63 - 1)
    return [
        *(get(f"/v1/parcels/{number}", 404) for number in edge),
        *(get(f"/v1/parcels?after={number}", 200) for number in edge),
        *(get(f"/v1/parcels/{number}/events", 404) for number in edge),
        *(get(path, 422) for path in ("/v1/parcels/0", f"/v1/parcels/{2**63}")),
        get(f"/v1/parcels?after={2**63}", 422),
        get("/v1/parcels/1/events", 404, 422, Last_Event_ID=str(2**63)),
        *(get(f"/v1/parcels/{text}", 422) for text in ("%00", "%ff", "%D9%A1")),
        *(
            get(f"/v1/forms/{name}", 404)
            for name in ("..%2f..%2fetc/passwd", "/etc/passwd", "%00", "a" * 5000)
        ),
        *(get(f"/v1/rates/{name}", 422) for name in ("DE%0a", "%D9%A1A")),
        get("/v1/parcels/", 404, Host="evil.example"),
        get("/docs", 404),
        get("/openapi.json", 404),
        Odd("HEAD", "/health", (200,)),
    ]


def odd_people() -> list[Odd]:
    """Return sign-ins and sign-ups of nobody."""
    email = f"{secrets.token_hex(8)}@example.com"

    def sign_in(username: str) -> Odd:
        body = f"username={username}&password=x".encode()
        return Odd("POST", "/v1/token", (401,), body, tuple(FORM.items()))

    def sign_up(**who: str) -> Odd:
        body = json.dumps({"email": email, "password": "x" * 12} | who).encode()
        right = (422,) if "email" in who else (201,)
        return Odd("POST", "/v1/accounts", right, body, tuple(JSON.items()))

    return [
        *(sign_in(name) for name in ("%00", "a%00@example.com", "%ff", "x" * 9000)),
        *(sign_up(email=name) for name in ("\0@example.com", "\ud800@example.com")),
        sign_up(password="\ud800" + "x" * 12),
    ]


def odd_scans(dispatcher: Caller, number: int) -> list[Odd]:
    """Return scans of a parcel at times that UTC doesn't have."""
    shown = tuple((dispatcher.headers | JSON).items())
    times = ("0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", 1e300)
    return [
        Odd(
            "POST",
            f"/v1/parcels/{number}/scans",
            (422,),
            json.dumps({"depot": "BER", "kind": "arrived", "at": at}).encode(),
            shown,
        )
        for at in times
    ]


async def odd_requests(place: Place) -> Outcome:
    """Values, ids, names and times that can't be."""
    waybill = await place.waybill()
    (sender,) = await waybill.callers(1)
    (dispatcher,) = await waybill.callers(1, "dispatcher")
    async with waybill.client() as client:
        answer = await client.post("/v1/parcels", json=PARCEL, headers=sender.headers)
    asked = [
        *odd_fields(sender),
        *odd_paths(sender),
        *odd_people(),
        *odd_scans(dispatcher, answer.json()["id"]),
    ]
    wrong = []
    async with waybill.client() as client:
        for odd in asked:
            answer = await client.request(
                odd.method, odd.path, content=odd.content, headers=dict(odd.headers)
            )
            if answer.status_code not in odd.right:
                wrong.append(f"{odd.method} {odd.path[:40]}: {answer.status_code}")
    return Outcome("; ".join(wrong) or f"{len(asked)} as expected", not wrong)


async def formulas(place: Place) -> Outcome:
    """Names that a spreadsheet would run, in an export."""
    waybill = await place.waybill()
    (caller,) = await waybill.callers(1)
    names = ("=1+1", "Lena;=1+1;", "\uff1d1+1", " @SUM(1)", 'a"=1')
    async with waybill.client() as client:
        for name in names:
            parcel = PARCEL | {"to": PARCEL["to"] | {"name": name}}  # type: ignore[operator]
            await client.post("/v1/parcels", json=parcel, headers=caller.headers)
        export = await client.get("/v1/exports/parcels.csv", headers=caller.headers)
    cells = [
        cell.strip(' "')
        for separator in ",;\t"
        for row in csv.reader(io.StringIO(export.text), delimiter=separator)
        for cell in row
    ]
    found = [cell for cell in cells if cell[:1] in {*"=+-@\uff1d\uff0b\uff0d\uff20"}]
    rows = export.text.count("\n") - 1
    measured = f"{rows} rows, {len(found)} cells that begin like a formula"
    return Outcome(measured, rows == len(names) and not found)


async def the_log(place: Place) -> Outcome:
    """Is each request logged, in one line, whatever its path holds?"""
    waybill = await place.waybill()
    (caller,) = await waybill.callers(1)
    async with waybill.client() as client:
        for path in ("/v1/parcels", "/v1/parcels/7%0AINFO%20bob%1B[2K"):
            await client.get(path, headers=caller.headers)
    lines: list[str] = []
    for _ in range(600):
        lines = mentioning(waybill, caller)
        if len(lines) > 1:
            break
        await asyncio.sleep(0.05)
    clean = not any("\x1b" in line for line in lines)
    return Outcome(f"2 requests, {len(lines)} lines", len(lines) == 2 and clean)


def mentioning(waybill: Waybill, caller: Caller) -> list[str]:
    """Return the lines of the log about an account, by its id or by its address."""
    text = waybill.log.read_text("utf-8", "replace")
    said = (caller.email, f'"account_id": {caller.id},')
    return [line for line in text.splitlines() if any(one in line for one in said)]


async def nothing_failed(place: Place) -> Outcome:
    """No request so far has ended in a 500, or left a traceback."""
    waybill = await place.waybill()
    text = waybill.log.read_text("utf-8", "replace")
    failed = text.count('" 500') + text.count('"status": 500')  # uvicorn's, or its own
    tracebacks = text.count("Traceback")
    return Outcome(f"{failed} x 500, {tracebacks} tracebacks", not tracebacks + failed)


ATTACKS: tuple[Attack, ...] = (
    large_bodies,
    many_mistakes,
    odd_requests,
    formulas,
    the_log,
)
