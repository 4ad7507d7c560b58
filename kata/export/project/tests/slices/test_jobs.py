"""Jobs: kept with what asks for them, done by one worker each, in any database."""

import asyncio
from collections import Counter
from datetime import timedelta
from email.message import EmailMessage
from functools import partial

import pytest
from httpx import AsyncClient
from sqlalchemy import delete, select, update

from waybill.accounts import welcome
from waybill.database import Sessions
from waybill.jobs import LEASE, TRIES, run_next, take
from waybill.sweep import sweep
from waybill.tables import Account, Family, Job, Try, now
from waybill.worker import work

WHO = {"email": "ada@example.com", "password": "a horse, a battery and a staple"}


# needs: database.open_database background.tables background.take
async def kept(sessions: Sessions, count: int) -> list[int]:
    """Keep jobs that are due; return their ids."""
    async with sessions.begin() as session:
        await session.execute(delete(Job))
        late = now() - timedelta(minutes=1)
        jobs = [
            Job(kind="letter", payload={"account_id": number}, run_at=late)
            for number in range(count)
        ]
        session.add_all(jobs)
    return [job.id for job in jobs]


async def left(sessions: Sessions) -> list[Job]:
    """Return the jobs that are left."""
    async with sessions() as session:
        return [*await session.scalars(select(Job).order_by(Job.id))]


async def test_a_lease_ends(sessions: Sessions) -> None:
    (number,) = await kept(sessions, 1)
    at = now()
    found = []
    for moment in (at, at, at + LEASE):
        async with sessions.begin() as session:
            found.append(await take(session, moment))
    assert [one.attempts if one else None for one in found] == [1, None, 2]
    assert all(one.id == number for one in found if one)


# needs: background.run_next
async def test_each_job_is_done_by_one_of_many_workers(sessions: Sessions) -> None:
    ids = await kept(sessions, 40)
    done: Counter[int] = Counter()

    async def handle(_sessions: Sessions, job: Job) -> None:
        done[job.id] += 1
        await asyncio.sleep(0)

    async def worker() -> None:
        while await run_next(sessions, {"letter": handle}):
            pass

    await asyncio.gather(*(worker() for _ in range(4)))
    assert done == Counter(ids)
    assert await left(sessions) == []


async def test_a_poison_job_holds_up_nobody(sessions: Sessions) -> None:
    poison, fine = await kept(sessions, 2)
    done = []
    clock = [now()]

    async def handle(_sessions: Sessions, job: Job) -> None:
        done.append(job.id)
        if job.id == poison:
            raise ZeroDivisionError("ada@example.com")

    for _ in range(TRIES + 3):
        clock.append(clock[-1] + timedelta(days=1))
        for _ in range(2):
            await run_next(sessions, {"letter": handle}, lambda: clock[-1])
    assert done == [poison, fine] + [poison] * (TRIES - 1)
    (job,) = await left(sessions)
    assert (job.state, job.last_error) == ("dead", "ZeroDivisionError")


async def test_a_late_worker_leaves_the_job_alone(sessions: Sessions) -> None:
    await kept(sessions, 1)

    async def handle(_sessions: Sessions, _job: Job) -> None:
        async with sessions.begin() as session:
            assert await take(session, now() + LEASE)

    assert await run_next(sessions, {"letter": handle})
    (job,) = await left(sessions)
    assert job.attempts == 2


# needs: background.welcome passwords.api
async def test_who_signs_up_gets_a_letter(
    client: AsyncClient, sessions: Sessions
) -> None:
    await kept(sessions, 0)
    letters: list[EmailMessage] = []

    async def send(message: EmailMessage) -> None:
        letters.append(message)

    handlers = {"welcome": partial(welcome, send)}
    assert (await client.post("/v1/accounts", json=WHO)).status_code == 201
    assert (await client.post("/v1/accounts", json=WHO)).status_code == 409
    assert [job.kind for job in await left(sessions)] == ["welcome"]
    assert letters == []
    assert [await run_next(sessions, handlers) for _ in range(2)] == [True, False]
    assert [str(one["To"]) for one in letters] == [WHO["email"]]


async def test_a_closed_account_gets_none(
    client: AsyncClient, sessions: Sessions
) -> None:
    await kept(sessions, 0)
    await client.post("/v1/accounts", json=WHO)
    async with sessions.begin() as session:
        await session.execute(update(Account).values(active=False))

    async def send(message: EmailMessage) -> None:
        pytest.fail(f"a letter to {message['To']}")

    assert await run_next(sessions, {"welcome": partial(welcome, send)})
    assert await left(sessions) == []


# needs: background.work
async def test_a_worker_finishes_what_is_in_hand() -> None:
    stop, story = asyncio.Event(), []

    async def run() -> bool:
        story.append("taken")
        if len(story) > 2:
            stop.set()
        await asyncio.sleep(0)
        story.append("done")
        return True

    await asyncio.wait_for(work(run, stop), 30)
    assert story == ["taken", "done"] * 2


# needs: background.sweep
async def test_what_is_over_is_swept_away(sessions: Sessions, lena: Account) -> None:
    at = now()
    async with sessions.begin() as session:
        for number in range(7):
            name = f"{number:064}"
            over = at if number < 5 else at + timedelta(days=1)
            row = Family(id=name, account_id=lena.id, digest=name, expires_at=over)
            session.add(row)
        for days in (0, 1, 2):
            session.add(Try(key="k" * 64, at=at - timedelta(days=days)))
    assert await sweep(sessions, at, most=2) == 7
    async with sessions() as session:
        assert len((await session.scalars(select(Family))).all()) == 2
        assert len((await session.scalars(select(Try))).all()) == 1
    assert await sweep(sessions, at) == 0
