"""What Waybill remembers, and what its database refuses."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from waybill.database import Session, Sessions
from waybill.schemas import ScanKind
from waybill.store import EmailTakenError, add_account
from waybill.tables import Account, Parcel, Scan


# needs: database.open_database database.tables models.parcel_create
def a_parcel(owner: Account, parcel: dict[str, Any], **other: object) -> Parcel:
    """Return a parcel of somebody's that nothing has kept yet."""
    values = {**parcel, "value": Decimal("19.90"), "tracking_code": "WB1", **other}
    return Parcel(owner_id=owner.id, **values)


async def test_times_and_amounts_come_back_as_they_were(
    sessions: Sessions, lena: Account, parcel: dict[str, Any]
) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=1)))
    async with sessions.begin() as session:
        kept = a_parcel(lena, parcel, created_at=at)
        session.add(kept)
    async with sessions() as session:
        found = await session.get_one(Parcel, kept.id)
    assert found.created_at == at
    assert found.created_at.utcoffset() == timedelta(0)
    assert str(found.value) == "19.90"


@pytest.mark.parametrize(
    "wrong",
    [{"value": Decimal("0.001")}, {"created_at": datetime(2026, 3, 2)}],  # noqa: DTZ001
)
async def test_what_would_be_changed_silently_is_refused(
    wrong: dict[str, Any], sessions: Sessions, lena: Account, parcel: dict[str, Any]
) -> None:
    async with sessions() as session:
        session.add(a_parcel(lena, parcel, **wrong))
        with pytest.raises(StatementError):
            await session.flush()


async def test_a_parcel_has_an_owner_and_a_code_of_its_own(
    sessions: Sessions, lena: Account, parcel: dict[str, Any]
) -> None:
    async with sessions.begin() as session:
        session.add(a_parcel(lena, parcel))
    taken = a_parcel(lena, parcel)
    orphan = a_parcel(Account(id=999), parcel, tracking_code="WB2")
    async with sessions() as before:
        await before.connection()  # so that the next one connects anew
        for wrong in (taken, orphan):
            async with sessions() as session:
                session.add(wrong)
                with pytest.raises(IntegrityError):
                    await session.flush()


async def test_a_scan_is_kept_once(
    sessions: Sessions, lena: Account, parcel: dict[str, Any]
) -> None:
    async with sessions.begin() as session:
        kept = a_parcel(lena, parcel)
        session.add(kept)
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    scan = {"parcel_id": kept.id, "depot": "BER", "kind": ScanKind.ARRIVED, "at": at}
    async with sessions() as session:
        session.add_all([Scan(**scan), Scan(**scan)])
        with pytest.raises(IntegrityError):
            await session.flush()


# needs: database.open_database database.get_session database.tables
@pytest.mark.parametrize(("fails", "kept"), [(False, True), (True, False)])
async def test_a_request_is_kept_whole_or_not_at_all(
    app: FastAPI, sessions: Sessions, *, fails: bool, kept: bool
) -> None:
    @app.post("/join")
    async def join(session: Session) -> int:
        account = Account(email="new@example.com")
        session.add(account)
        await session.flush()
        if fails:
            raise ZeroDivisionError
        return account.id

    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        await client.post("/join")
    async with sessions() as session:
        assert (await session.get(Account, 1) is not None) is kept


# needs: database.open_database database.make_engine
async def test_an_error_keeps_the_values_to_itself(sessions: Sessions) -> None:
    sent = text("INSERT INTO nowhere VALUES (:hash)")
    async with sessions() as session:
        with pytest.raises(DBAPIError) as caught:
            await session.execute(sent, {"hash": "$argon2id$of-lena"})
    assert "argon2id" not in str(caught.value)  # it goes into the log


# needs: database.open_database database.add_account
async def test_an_address_has_one_account(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        account = await add_account(session, "Lena@Example.com")
        assert account.email == "lena@example.com"
    async with sessions() as session:
        with pytest.raises(EmailTakenError):
            await add_account(session, "lena@example.com")
