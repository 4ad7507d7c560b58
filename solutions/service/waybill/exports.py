"""Exports: everything you have, however much it is."""

import csv
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from io import StringIO

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from waybill.database import AppSessions, Sessions
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelRead
from waybill.tables import Parcel


# kata: streaming.parcel_batches
async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Sequence[Parcel]]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    after = 0
    while True:
        query = (
            select(Parcel)
            .where(Parcel.owner_id == owner_id, Parcel.id > after)
            .order_by(Parcel.id)
            .limit(size)
        )
        async with sessions() as session:
            batch = (await session.scalars(query)).all()
        if not batch:
            return
        yield batch
        after = batch[-1].id


# kata: streaming.exports
router = APIRouter(prefix="/exports")


@router.get("/parcels.jsonl")
async def export_jsonl(
    sessions: AppSessions, account: CurrentAccount
) -> AsyncIterable[ParcelRead]:
    """Return all your parcels as JSON lines, row by row."""
    async for batch in parcel_batches(sessions, account.id):
        for parcel in batch:
            yield ParcelRead.model_validate(parcel)


# kata: streaming.csv_line
SIGNS = "-=+@\uff0b\uff0d\uff1d\uff20"
FORMULA = re.compile(rf"""(^|[;\t\r\n])(?=[\s\x00-\x1f"]*[{SIGNS}])""")
"""Where a formula could begin: at the start, or where another program splits."""


def harmless(cell: object) -> object:
    """Return a cell that no spreadsheet runs: a text stays text."""
    return FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV, as RFC 4180 has it."""
    line = StringIO()
    csv.writer(line).writerow([harmless(cell) for cell in cells])
    return line.getvalue()


# kata: streaming.csv_export
COLUMNS = (
    "tracking_code",
    "name",
    "city",
    "country",
    "weight_g",
    "value",
    "created_at",
)


def cells(parcel: Parcel) -> tuple[object, ...]:
    """Return what an export says of a parcel, by column."""
    to = parcel.to
    return (
        parcel.tracking_code,
        to["name"],
        to["city"],
        to["country"],
        parcel.weight_g,
        parcel.value,
        parcel.created_at.isoformat(),
    )


async def csv_lines(sessions: Sessions, owner_id: int) -> AsyncIterator[str]:
    """Yield an owner's parcels as CSV: first the columns, then a batch at a time."""
    yield csv_line(COLUMNS)
    async for batch in parcel_batches(sessions, owner_id):
        yield "".join(csv_line(cells(parcel)) for parcel in batch)


@router.get("/parcels.csv", response_class=StreamingResponse)
async def export_csv(
    sessions: AppSessions, account: CurrentAccount
) -> StreamingResponse:
    """Return all your parcels as CSV, row by row."""
    return StreamingResponse(
        csv_lines(sessions, account.id),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="parcels.csv"'},
    )
