"""Checks of refresh.tables: a row for each family."""

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import exc, inspect, text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

AT = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))


def family(**changed: object) -> Any:  # noqa: ANN401
    """Return a family that is not stored yet."""
    from waybill.tables import Family

    columns: dict[str, object] = {"id": "a" * 64, "account_id": 311, "digest": "b" * 64}
    columns |= {"expires_at": AT, **changed}
    try:
        return Family(**columns)
    except TypeError as error:
        raise AssertionError(
            f"Family({', '.join(f'{name}=…' for name in columns)}) said: {error}."
        ) from None


async def refusal(sessions: "async_sessionmaker[AsyncSession]", row: object) -> str:
    """Store a row; return what stands against it, or nothing."""
    try:
        async with sessions.begin() as session:
            session.add(row)
    except exc.SQLAlchemyError as error:
        return str(getattr(error, "orig", None) or error).partition("\n")[0]
    return ""


def indexed() -> set[str]:
    """Return the columns of families that an index begins with."""
    from waybill.tables import Family

    return {next(iter(index.columns.keys())) for index in Family.__table__.indexes}


# - The account of a family exists, and an index finds all families of an account.
async def test_its_account_exists(
    sessions: "async_sessionmaker[AsyncSession]",
    known: None,  # noqa: ARG001
) -> None:
    """A family belongs to an account that exists."""
    refused = await refusal(sessions, family())
    assert not refused, f"A family of Lena's account was refused: {refused}."
    assert await refusal(sessions, family(id="c" * 64, account_id=404)), (
        "A family of account 404 was stored, and there is no such account. Say with a "
        "ForeignKey whose id `account_id` is."
    )


async def test_an_account_has_several(
    sessions: "async_sessionmaker[AsyncSession]",
    known: None,  # noqa: ARG001
) -> None:
    """An account may have several families, and an index finds them."""
    for letter in "ab":
        refused = await refusal(sessions, family(id=letter * 64))
        assert not refused, f"A second family of Lena's was refused: {refused}."
    assert "account_id" in indexed(), (
        f"The indexes of families begin with {indexed() or 'nothing'}. To end all "
        "families of an account, the database would read the whole table."
    )


# - `digest` is a text of 64 characters.
async def test_a_digest_has_64_characters(
    sessions: "async_sessionmaker[AsyncSession]",
    known: None,  # noqa: ARG001
) -> None:
    """`digest` is a text of 64 characters, and never None."""
    from waybill.tables import Family

    table = Family.__table__.columns
    assert "digest" in table, "Family has no column `digest`."
    length = getattr(table["digest"].type, "length", None)
    assert length == 64, f"`digest` has the length {length}, and 64 is asked for."
    refused = await refusal(sessions, family(digest="f" * 64))
    assert not refused, f"A digest of 64 characters was refused: {refused}."
    assert not table["digest"].nullable, "A family without a digest could be stored."
    for letter in "cd":
        refused = await refusal(sessions, family(id=letter * 64, digest="f" * 64))
        assert not refused, f"Only `id` has to be unique: {refused}."


# - `expires_at` is a moment, as `Try.at` is one, and has an index.
async def test_its_end_keeps_its_offset(
    sessions: "async_sessionmaker[AsyncSession]",
    known: None,  # noqa: ARG001
) -> None:
    """`expires_at` comes back as the same moment, with its offset."""
    from waybill.tables import Family

    refused = await refusal(sessions, family())
    assert not refused, f"A family was refused: {refused}."
    async with sessions() as session:
        kept = (await session.get_one(Family, "a" * 64)).expires_at
    assert kept.tzinfo, f"{AT} was stored, and came back as {kept}. Take `Moment`."
    assert kept == AT, f"{AT} was stored, and came back as {kept}."
    assert await refusal(sessions, family(id="c" * 64, expires_at=datetime(2026, 3, 1)))  # noqa: DTZ001
    assert not Family.__table__.columns["expires_at"].nullable, (
        "A family without an end could be stored."
    )


def test_ended_ones_are_found() -> None:
    """An index finds the families whose time is over."""
    assert "expires_at" in indexed(), (
        f"The indexes of families begin with {indexed() or 'nothing'}. `expires_at` "
        "needs one: each sign-in looks for families whose time is over."
    )


# - What stands there stays as it is.
async def test_the_rest_stays(
    sessions: "async_sessionmaker[AsyncSession]",
    known: None,  # noqa: ARG001
) -> None:
    """No further column is there, the key is `id`, and `Try` is as it was."""
    from waybill.tables import Family, Try

    found = {column.name for column in Family.__table__.c}
    wanted = {"id", "account_id", "digest", "expires_at"}
    assert found == wanted, f"The columns of families are {sorted(found)}."
    key = [column.name for column in inspect(Family).primary_key]
    assert key == ["id"], f"The key of families is {key}."
    length = getattr(Family.__table__.columns["id"].type, "length", None)
    assert length == 64, f"`id` has the length {length}."
    async with sessions.begin() as session:
        session.add_all([Try(key="k" * 64, at=AT), Try(key="k" * 64, at=AT)])
    async with sessions() as session:
        rows = (await session.execute(text("SELECT key, at FROM tries"))).all()
    at = AT.astimezone(UTC).replace(tzinfo=None)
    assert [str(row.at)[:19] for row in rows] == [str(at)[:19]] * 2, f"Tries: {rows}"
    first = {next(iter(index.columns.keys())) for index in Try.__table__.indexes}
    assert first == {"key", "at"}, f"The indexes of tries begin with {first}."


# - What stands there stays as it is.
@pytest.mark.parametrize("name", ["families", "tries"])
def test_the_names_stay(name: str) -> None:
    """The tables are called `families` and `tries`."""
    from waybill import tables

    assert name in tables.Base.metadata.tables, f"There is no table `{name}`."
