"""Checks of streaming.exports: all your parcels, sent while they are read."""

import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, exc, select, text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import ASGIApp, Message

Connect = Callable[..., httpx.AsyncClient]
Noting = Callable[["ASGIApp", Callable[["Message"], None]], "ASGIApp"]

LENA, BOB, ADA = 61, 62, 63
ROWS = 2_000
ROLES = {LENA: "courier", BOB: "dispatcher", ADA: "dispatcher"}
"""Whatever somebody may do elsewhere, an export holds their own parcels."""
NOT_GIVEN_BACK = (
    "A session was used that nobody closes: one of your own without `async with`, or "
    "the request's. That has ended, and if the stream uses it, it takes a connection "
    "anew. Let parcel_batches open what it needs."
)
STILL_OPEN = (
    "A session was open while pieces left. parcel_batches closes its own before a "
    "batch goes out, so the stream needs no other."
)
NAMES = ("Zoë Ng", "Vogt, Lena", '=HYPERLINK("http://evil.example")', 'Lena "L" Vogt')
SEED = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
INSERT INTO parcels (tracking_code, owner_id, "to", weight_g, value, created_at)
SELECT 'WB' || :owner || '-' || i, :owner, :to, 100 + i % 900, 105 * i,
  '2026-03-02 08:00:00.000000' FROM n
"""


@pytest.fixture
def pieces() -> list[dict[str, int]]:
    """What was noted of each piece: its size, connections lent, queries; and an end."""
    return []


@pytest.fixture
async def opened(
    sessions: "async_sessionmaker[AsyncSession]",
) -> "AsyncIterator[list[AsyncSession]]":
    """Every session that was made; none is collected behind a check's back."""
    make: Any = sessions.class_
    made: list[AsyncSession] = []

    def keep(**options: object) -> "AsyncSession":
        made.append(make(**options))
        return made[-1]

    sessions.class_ = keep  # type: ignore[assignment]
    yield made
    for session in made:
        await session.close()


@pytest.fixture
def asking() -> dict[str, int]:
    """Who is asking, by the account's id; a check changes it."""
    return {"id": LENA}


@pytest.fixture
async def client(
    connect: Connect,
    sessions: "async_sessionmaker[AsyncSession]",
    opened: "list[AsyncSession]",  # noqa: ARG001  # used for what it does
    engine: "AsyncEngine",
    queries: list[str],
    pieces: list[dict[str, int]],
    noting: Noting,
    asking: dict[str, int],
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the exports, where Lena owns four parcels, Bob many, Ada none."""
    from waybill.dependencies import current_account
    from waybill.exports import router
    from waybill.tables import Account, Role

    to = {"name": "", "street": "Torstraße 12", "city": "Berlin", "postcode": "10119"}
    async with sessions.begin() as session:
        for number in (LENA, BOB, ADA):
            session.add(Account(id=number, email=f"{number}@example.com"))
        await session.flush()
        bobs = json.dumps(to | {"name": "Bob Ray", "country": "DE"})
        await session.execute(text(SEED), {"rows": ROWS, "owner": BOB, "to": bobs})
        for name in NAMES:
            one = json.dumps(to | {"name": name, "country": "DE"})
            seed = SEED.replace("|| i", f"|| '{len(name)}'")
            await session.execute(text(seed), {"rows": 1, "owner": LENA, "to": one})

    pool: Any = engine.pool

    def note(message: "Message") -> None:
        if message.get("body"):
            sent = sum("FROM parcels" in sql for sql in queries)
            size = len(message["body"])
            pieces.append({"size": size, "lent": pool.checkedout(), "queries": sent})
        if message["type"] == "http.response.body" and not message.get("more_body"):
            pieces.append({"size": 0, "lent": 0, "queries": 0, "end": 1})

    app = FastAPI()
    app.state.sessions = sessions
    app.include_router(router)
    app.dependency_overrides[current_account] = lambda: Account(
        id=asking["id"], email="-@example.com", role=Role(ROLES[asking["id"]])
    )
    async with connect(noting(app, note)) as client:
        yield client


async def fetch(client: httpx.AsyncClient) -> httpx.Response:
    """Ask for the export; say so if there is none."""
    response = await client.get("/exports/parcels.jsonl")
    status = response.status_code
    assert status == 200, f"GET /exports/parcels.jsonl was answered {status}, not 200."
    # A verdict shows a body on one line: its ends of lines shall be seen.
    exchange = response.request.extensions["exchange"]
    exchange["received"] = "\\n ".join(response.text.splitlines())
    return response


# - `/exports/parcels.jsonl` holds one line for each of your parcels,
async def test_jsonl_holds_a_line_for_each_parcel(
    client: httpx.AsyncClient,
    sessions: "async_sessionmaker[AsyncSession]",
    asking: dict[str, int],
) -> None:
    """The JSON lines hold each of your parcels by id, as a `ParcelRead`."""
    from waybill.schemas import ParcelRead
    from waybill.tables import Parcel

    response = await fetch(client)
    kind = response.headers.get("content-type", "")
    assert kind.partition(";")[0].strip() == "application/jsonl", (
        f"The JSON lines came as Content-Type: {kind or 'nothing'}. When a path "
        "operation yields its items, FastAPI sends application/jsonl."
    )
    query = select(Parcel).where(Parcel.owner_id == LENA).order_by(Parcel.id)
    async with sessions() as session:
        rows = (await session.scalars(query)).all()
    wanted = [ParcelRead.model_validate(row).model_dump(mode="json") for row in rows]
    assert not response.text.startswith("["), (
        "The export is one JSON list. Send one JSON object a line, without commas."
    )
    found = [json.loads(line) for line in response.text.splitlines()]
    assert found == wanted, (
        f"Lena owns {len(wanted)} parcels. {len(found)} lines came, first {found[:1]}; "
        f"{wanted[:1]} was expected."
    )
    for asking["id"], rows_of in ((BOB, ROWS), (ADA, 0)):
        lines = (await fetch(client)).text.splitlines()
        assert len(lines) == rows_of, (
            f"{len(lines)} lines came; it should be {rows_of}."
        )


# - No connection is lent while a piece leaves, or afterwards.
async def test_no_connection_is_lent_while_it_leaves(
    client: httpx.AsyncClient,
    engine: "AsyncEngine",
    asking: dict[str, int],
    pieces: list[dict[str, int]],
) -> None:
    """While a piece leaves no connection is lent, and afterwards all are back."""
    asking["id"] = BOB
    for _ in range(2):
        await fetch(client)
    lent = max(piece["lent"] for piece in pieces)
    after = engine.pool.checkedout()  # type: ignore[attr-defined]
    assert (lent, after) == (0, 0), (
        f"Connections lent: {lent} while parcels.jsonl left, and {after} after two "
        "exports. A client that reads slowly keeps them, and after fifteen Waybill "
        f"stands still. {NOT_GIVEN_BACK if after else STILL_OPEN}"
    )


# - The first rows leave before the last are read.
async def test_the_first_rows_leave_before_the_last_are_read(
    client: httpx.AsyncClient,
    sessions: "async_sessionmaker[AsyncSession]",
    asking: dict[str, int],
    pieces: list[dict[str, int]],
) -> None:
    """The first rows leave before the last are read."""
    from waybill.exports import parcel_batches

    asking["id"] = BOB
    body = (await fetch(client)).content
    whole = [len(batch) async for batch in parcel_batches(sessions, BOB)]
    assert max(whole, default=0) < ROWS, (
        f"parcel_batches yields Bob's {ROWS:,} parcels in one batch, so nothing can "
        "leave before. Finish streaming.parcel_batches in its cell, then run this one "
        "again."
    )
    largest = max(piece["size"] for piece in pieces)
    assert largest <= len(body) / 2, (
        f"Bob's {ROWS:,} parcels left in one large piece. Send a batch, and go on."
    )
    gone, at = 0, 0
    while gone < len(body) / 5:
        gone += pieces[at]["size"]
        at += 1
    early, late = pieces[at - 1]["queries"], max(one["queries"] for one in pieces)
    assert early < late, (
        f"When the first rows of Bob's {ROWS:,} parcels left, the last had been asked "
        "for already. Send each batch when it is there: parcel_batches waits for you."
    )


def logged(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception, and what a log shows of where it came from."""
    if error:
        yield error
        for part in getattr(error, "exceptions", ()):
            yield from logged(part)
        before = None if error.__suppress_context__ else error.__context__
        yield from logged(error.__cause__ or before)


# - An error on the way breaks the answer off, and reaches the server's log.
@pytest.mark.parametrize("why", ["the database failed", "a parcel had no address"])
async def test_an_error_breaks_the_answer_off(
    client: httpx.AsyncClient,
    engine: "AsyncEngine",
    asking: dict[str, int],
    pieces: list[dict[str, int]],
    why: str,
) -> None:
    """An error on the way breaks the answer off and reaches the log; no row is lost."""
    asking["id"] = BOB
    asked: list[str] = []
    gone = sqlite3.OperationalError("disk I/O error")
    failed = exc.OperationalError("SELECT …", {}, gone)

    def fail_from_the_second(*details: Any) -> None:  # noqa: ANN401
        asked.extend("." for _ in range("FROM parcels" in str(details[2])))
        if len(asked) > 1:
            raise failed

    if why == "the database failed":
        event.listen(engine.sync_engine, "before_cursor_execute", fail_from_the_second)
    else:
        broken = """UPDATE parcels SET "to" = '{}' WHERE tracking_code LIKE '%-1500'"""
        async with engine.begin() as connection:
            await connection.execute(text(broken))
    left: list[BaseException] = []
    try:
        await client.get("/exports/parcels.jsonl")
    except Exception as error:  # noqa: BLE001  # whichever: it broke the answer off
        left = [*logged(error)]
    assert pieces, f"When {why} after the first rows, nothing had left, not even those."
    happened = why != "the database failed" or len(asked) > 1
    assert not (happened and any("end" in piece for piece in pieces)), (
        f"While parcels.jsonl left, {why} after the first rows, and the answer came "
        f"to a proper end. Bob owns {ROWS:,} parcels, and takes this for all of them. "
        "Let the exception pass: then the answer is broken off, and the client notices."
    )
    hidden = why == "the database failed" and happened and failed not in left
    assert not hidden, (
        f"{why.capitalize()} after the first rows, and what left the stream doesn't "
        f"say so: {left[0]!r}. The log won't name the cause. The status is out, so "
        "no HTTPException can change it. Let the exception pass."
    )
