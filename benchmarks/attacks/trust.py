"""Attacks on who is asking: guesses, forged tokens, other people's parcels."""

import asyncio
import secrets
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import jwt
from sqlalchemy import text

from attacks.crowd import crowd
from attacks.measure import PARCEL, Times, counted, ms, repeat, said, timed
from attacks.place import Attack, Outcome, Place
from attacks.waybill import KEY, shown

PASSWORD = "a horse, a battery and a staple"  # noqa: S105
HASHED_AT_ONCE = 4
ROUNDS = 3
MOST_LATER = 0.25
"""Seconds that a queue of sign-ins may cost a reader, in 99 of 100 requests."""


def form(email: str, password: str) -> dict[str, str]:
    """Return what a sign-in sends."""
    return {"username": email, "password": password}


def wrong(times: int) -> list[dict[str, str]]:
    """Return what somebody sends who signs in so often, to an account of nobody."""
    return [form(f"{secrets.token_hex(8)}@example.com", PASSWORD)] * times


async def wrong_sign_ins(place: Place) -> Outcome:
    """85 wrong sign-ins at once, beside somebody who reads.

    Four hashes at once keep a small machine busy, so a reader is slower beside four
    sign-ins already. Judged is what the others add, who wait in the queue. A busy
    moment can only add to it, so the best of three rounds counts.
    """
    many = place.many(85, 12)
    waybill = await place.waybill()
    async with (
        waybill.client() as client,
        crowd(waybill.url) as sign_in,
    ):
        (reader,) = await waybill.callers(1)

        async def beside(*times: int) -> tuple[Times, Counter[int], Counter[int]]:
            signing_in = asyncio.create_task(sign_in([wrong(each) for each in times]))
            taken, counts = await repeat(
                lambda: client.get("/v1/parcels", headers=reader.headers),
                lambda _: signing_in.done(),
            )
            return taken, counts, await signing_in

        heard, read, rounds = Counter[int](), Counter[int](), []
        while len(rounds) < ROUNDS:
            calm, _, _ = await beside(*[many // HASHED_AT_ONCE] * HASHED_AT_ONCE)
            full, reads, signed_in = await beside(*[1] * many)
            heard, read = heard + signed_in, read + reads
            rounds.append((full.p99 - calm.p99, full.p99, calm.p99))
            if place.in_time(rounds[-1][0], MOST_LATER):
                break
    later, crowded, alone = min(rounds)
    measured = f"{said(heard)}; reader p99 {ms(crowded)}, {ms(alone)} beside four"
    right = set(heard) == {401} and set(read) == {200}
    return Outcome(measured, right and place.in_time(later, MOST_LATER))


async def guesses(place: Place) -> Outcome:
    """30 guesses at one account, by somebody who shows a token of his own."""
    window = {"WAYBILL_SIGN_IN_SECONDS": "1000000000"}  # none ends in between
    async with (
        place.serving(workers=1, **window) as waybill,
        waybill.client() as client,
    ):
        victim, guesser = await waybill.callers(2)
        answers = [
            await client.post(
                "/v1/token",
                data=form(spelling, f"guess {number}"),
                headers=guesser.headers,
            )
            for number in range(15)
            for spelling in (victim.email, f"Lena <{victim.email.upper()}>")
        ]
    heard = counted(answers)
    return Outcome(said(heard), heard == {401: 10, 429: 20})


async def spellings(place: Place) -> Outcome:
    """One address in seven spellings: who signs up can sign in as typed."""
    waybill = await place.waybill()
    name = secrets.token_hex(4)
    spelt = (
        f"{name}@example.com",
        f"{name}A@Example.COM",
        f"{name}B <{name}b@example.com>",
        f"{name}c@BÜCHER.example",
        f"{name}d@xn--bcher-kva.example",
        f"{name}e\u0301@example.com",
        f"\u212a{name}@example.com",
    )
    failed = []
    async with waybill.client() as client:
        for email in spelt:
            who = {"email": email, "password": PASSWORD}
            up = await client.post("/v1/accounts", json=who)
            into = await client.post("/v1/token", data=form(email, PASSWORD))
            twice = await client.post(
                "/v1/accounts", json=who | {"email": f"Me <{email}>"}
            )
            heard = (up.status_code, into.status_code, twice.status_code)
            if heard[:2] != (201, 200) or heard[2] not in {409, 422}:
                failed.append(f"{email!r}: {heard}")
    wrong = "; ".join(failed)
    return Outcome(wrong or f"{len(spelt)} signed up, and in", not failed)


async def forged_tokens(place: Place) -> Outcome:
    """Tokens that nobody issued, or issued for something else."""
    waybill = await place.waybill()
    (caller,) = await waybill.callers(1)
    soon = datetime.now(UTC) + timedelta(minutes=5)
    claims = {"sub": str(caller.id), "type": "access", "exp": soon}
    no_end = {key: claims[key] for key in ("sub", "type")}
    forged = [
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, "k" * 32, "HS256"),
        jwt.encode(claims, KEY, "HS512"),
        jwt.encode(claims, KEY, "HS384"),
        jwt.encode(no_end, KEY),
        jwt.encode(claims | {"type": "refresh"}, KEY),
        jwt.encode(claims | {"exp": datetime.now(UTC) - timedelta(hours=1)}, KEY),
        *(jwt.encode(claims | {"sub": sub}, KEY) for sub in ("x", "0", str(2**70))),
        f"{'W1tb' * 10_000}.e30.x",
        "x",
    ]
    async with waybill.client() as client:
        answers = [
            await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
            for token in forged
        ]
        right = await client.get("/v1/me", headers=shown(caller.id))
    heard = counted(answers)
    measured = f"{said(heard)}; the right one: {right.status_code}"
    return Outcome(measured, heard == {401: len(forged)} and right.is_success)


async def sign_up_at_once(place: Place) -> Outcome:
    """Twelve people with one address sign up at the same moment."""
    waybill = await place.waybill()
    email = f"{secrets.token_hex(8)}@example.com"
    async with waybill.client() as client:
        who = {"email": email, "password": PASSWORD}
        sent = (client.post("/v1/accounts", json=who) for _ in range(12))
        heard = counted(await asyncio.gather(*sent))
    return Outcome(said(heard), heard == {201: 1, 409: 11})


async def strangers(place: Place) -> Outcome:
    """Somebody else asks for a parcel, by each way to it, and scans it."""
    waybill = await place.waybill()
    owner, stranger = await waybill.callers(2)
    async with waybill.client() as client:
        given = await client.post("/v1/parcels", json=PARCEL, headers=owner.headers)
        parcel = given.json()
        path = f"/v1/parcels/{parcel['id']}"
        asked = [
            await client.get(url, headers=stranger.headers)
            for url in (path, f"{path}/events")
        ]
        lists = [
            await client.get(url, headers=stranger.headers)
            for url in (
                "/v1/parcels",
                "/v1/exports/parcels.csv",
                "/v1/exports/parcels.jsonl",
            )
        ]
        scan = {"depot": "BER", "kind": "arrived", "at": "2026-03-02T09:00:00Z"}
        scanned = await client.post(
            f"{path}/scans", json=scan, headers=stranger.headers
        )
    seen = [one.url.path for one in lists if parcel["tracking_code"] in one.text]
    heard = counted([*asked, scanned])
    measured = f"{said(heard)}; seen in {seen or 'no list'}"
    return Outcome(measured, heard == {404: 2, 403: 1} and not seen)


async def closed_account(place: Place) -> Outcome:
    """An account is closed while it has streams open."""
    waybill = await place.waybill()
    (caller,) = await waybill.callers(1)
    async with waybill.client() as client:
        given = await client.post("/v1/parcels", json=PARCEL, headers=caller.headers)
        path = f"/v1/parcels/{given.json()['id']}/events"

        async with client.stream("GET", path, headers=caller.headers) as stream:
            async with waybill.sessions.begin() as session:
                await session.execute(
                    text("UPDATE accounts SET active = false WHERE id = :id"),
                    {"id": caller.id},
                )
            times = Times()

            async def to_the_end() -> httpx.Response:
                await stream.aread()
                return stream

            await timed(times, asyncio.wait_for(to_the_end(), 60))
        after = await client.get(path, headers=caller.headers)
    measured = f"the stream ended after {ms(times.p99)}, then {after.status_code}"
    return Outcome(measured, after.status_code == 401 and place.in_time(times.p99, 5))


async def who_exists(place: Place) -> Outcome:
    """Does the time of a refusal tell whether there is such an account?"""
    waybill = await place.waybill()
    known, unknown = (f"{secrets.token_hex(8)}@example.com" for _ in range(2))
    times = {known: Times(), unknown: Times()}
    async with waybill.client() as client:
        await client.post("/v1/accounts", json={"email": known, "password": PASSWORD})
        for _ in range(place.many(25, 3)):
            for email, taken in times.items():
                await timed(taken, client.post("/v1/token", data=form(email, "wrong")))
    half = [taken.part(0.5) for taken in times.values()]
    ratio = max(half) / min(half)
    measured = f"medians {ms(half[0])} and {ms(half[1])}, ratio {ratio:.2f}"
    return Outcome(measured, place.in_time(ratio, 1.5))


ATTACKS: tuple[Attack, ...] = (
    wrong_sign_ins,
    guesses,
    spellings,
    forged_tokens,
    sign_up_at_once,
    strangers,
    closed_account,
    who_exists,
)
