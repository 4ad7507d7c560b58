"""Checks of streaming.csv_export: a whole table, sent while it is read."""

import csv
import json
import re
import sqlite3
import traceback
from collections.abc import AsyncIterator, Callable
from io import StringIO
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, exc, text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import ASGIApp, Message

Connect = Callable[..., httpx.AsyncClient]
Noting = Callable[["ASGIApp", Callable[["Message"], None]], "ASGIApp"]

LENA, BOB, ADA = 61, 62, 63
ROWS = 2_000
COLUMNS = "tracking_code,name,city,country,weight_g,value,created_at"
ROLES = {LENA: "courier", BOB: "dispatcher", ADA: "dispatcher"}
"""Whatever somebody may do elsewhere, an export holds their own parcels."""
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
    response = await client.get("/exports/parcels.csv")
    status = response.status_code
    assert status == 200, f"GET /exports/parcels.csv was answered {status}, not 200."
    # A verdict shows a body on one line: its ends of lines shall be seen.
    exchange = response.request.extensions["exchange"]
    exchange["received"] = "\\n ".join(response.text.splitlines())
    return response


# - `/exports/parcels.csv` holds `COLUMNS`, then a row for each of your parcels, by id,
async def test_csv_holds_a_row_for_each_parcel(
    client: httpx.AsyncClient, asking: dict[str, int]
) -> None:
    """The CSV has the names of the columns, then a row for each of your parcels."""
    who = ((LENA, "Lena", len(NAMES)), (BOB, "Bob", ROWS), (ADA, "Ada", 0))
    for account, name, rows in who:
        asking["id"] = account
        body = (await fetch(client)).text
        lines = [*csv.reader(StringIO(body, newline=""))]
        assert lines[:1] == [COLUMNS.split(",")], (
            f"{name}'s CSV begins with {lines[:1]}; the columns come first: {COLUMNS}."
        )
        found = len(lines) - 1
        assert found == rows, f"{name} owns {rows} parcels; the CSV has {found} rows."


async def test_cells_go_through_csv_line(client: httpx.AsyncClient) -> None:
    """The rows come by id, and each cell is what `csv_line` makes of it."""
    body = (await fetch(client)).text
    found = [*csv.reader(StringIO(body, newline=""))][1:]
    rest = ["Berlin", "DE", "101", "1.05", "2026-03-02T08:00:00+00:00"]
    for row, name in zip(found, NAMES, strict=True):
        shown = f"'{name}" if name.startswith("=") else name
        wanted = [f"WB{LENA}-{len(name)}", shown, *rest]
        assert row == wanted, (
            f"Lena's parcel to {name!r} has the row {row}; {wanted} was expected."
        )


# - As with the JSON lines, no connection is lent while a piece leaves, the first rows
# leave before the last are read, and an error breaks the answer off.
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
        f"Connections lent: {lent} while parcels.csv left, and {after} after two "
        "exports. A client that reads slowly keeps them, and after fifteen Waybill "
        "stands still. Use no session in the stream, the request's or one of your own: "
        "parcel_batches opens what it needs, and closes it before a batch goes out."
    )


# - As with the JSON lines, no connection is lent while a piece leaves, the first rows
# leave before the last are read, and an error breaks the answer off.
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


# - A browser saves the table as `parcels.csv`: it is `text/csv`, with a
# `Content-Disposition`.
async def test_a_browser_saves_the_csv(client: httpx.AsyncClient) -> None:
    """A browser saves the CSV as `parcels.csv`."""
    headers = (await fetch(client)).headers
    kind = headers.get("content-type", "nothing")
    assert kind.partition(";")[0].strip() == "text/csv", (
        f"The CSV came as Content-Type: {kind}; text/csv was expected."
    )
    said = headers.get("content-disposition", "")
    word, _, rest = said.partition(";")
    what = f"The CSV came with Content-Disposition: {said or 'nothing'}."
    assert word.strip().lower() == "attachment", f"{what} A download is an attachment."
    # RFC 6266 knows two ways to say the name, and recommends both at once.
    plain = re.findall(
        r'\bfilename\s*=\s*(?:"([^"]*)"|([^\s;"]+))', rest, re.IGNORECASE
    )
    encoded = re.findall(r"\bfilename\*\s*=\s*utf-8'\w*'([^\s;]+)", rest, re.IGNORECASE)
    names = {quoted or bare for quoted, bare in plain} | {*encoded}
    assert names == {"parcels.csv"}, (
        f"{what} A browser reads {' and '.join(sorted(names)) or 'no filename'}; "
        "expected is parcels.csv."
    )


# - As with the JSON lines, no connection is lent while a piece leaves, the first rows
# leave before the last are read, and an error breaks the answer off.
@pytest.mark.parametrize("why", ["the database failed", "a parcel had no address"])
async def test_an_error_breaks_the_answer_off(
    client: httpx.AsyncClient,
    engine: "AsyncEngine",
    asking: dict[str, int],
    pieces: list[dict[str, int]],
    why: str,
) -> None:
    """An error breaks the answer off and reaches the log; no row is left out."""
    asking["id"] = BOB
    asked: list[str] = []
    gone = sqlite3.OperationalError("disk I/O error")

    def fail_from_the_second(*details: Any) -> None:  # noqa: ANN401
        asked.extend("." for _ in range("FROM parcels" in str(details[2])))
        if len(asked) > 1:
            raise exc.OperationalError(str(details[2]), {}, gone)

    if why == "the database failed":
        event.listen(engine.sync_engine, "before_cursor_execute", fail_from_the_second)
    else:
        broken = """UPDATE parcels SET "to" = '{}' WHERE tracking_code LIKE '%-1500'"""
        async with engine.begin() as connection:
            await connection.execute(text(broken))
    log = ""
    try:
        await client.get("/exports/parcels.csv")
    except Exception as error:  # noqa: BLE001  # whichever: it broke the answer off
        log = "".join(traceback.format_exception(error))
    assert pieces, f"When {why} after the first rows, nothing had left, not even those."
    happened = why != "the database failed" or len(asked) > 1
    assert not (happened and any("end" in piece for piece in pieces)), (
        f"While parcels.csv left, {why} after the first rows, and the answer came "
        f"to a proper end. Bob owns {ROWS:,} parcels, and takes this for all of them. "
        "Let the exception pass: then the answer is broken off, and the client notices."
    )
    hidden = why == "the database failed" and happened and str(gone) not in log
    assert not hidden, (
        f"{why.capitalize()} after the first rows, and what left the stream doesn't "
        f"say so: {log.splitlines()[-1]} The log won't name the cause. The status is "
        "out, so no HTTPException can change it. Let the exception pass."
    )
