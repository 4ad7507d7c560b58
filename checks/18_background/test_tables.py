"""Checks of background.tables: a row for each thing to do."""

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

AT = datetime(2026, 3, 1, 17, 45, tzinfo=timezone(timedelta(hours=5, minutes=45)))
COLUMNS = {"id", "kind", "payload", "state", "attempts", "run_at", "last_error"}


def job(**columns: object) -> Any:  # noqa: ANN401
    """Return a job that is not stored yet."""
    from waybill.tables import Job

    values: dict[str, object] = {"kind": "letter", "payload": {"account_id": 3}}
    values |= columns
    try:
        return Job(**values)
    except TypeError as error:
        raise AssertionError(f"Job({', '.join(values)}) said: {error}.") from None


async def kept(sessions: "async_sessionmaker[AsyncSession]", row: Any) -> Any:  # noqa: ANN401
    """Store a job, and return it as others see it."""
    from sqlalchemy.exc import SQLAlchemyError

    from waybill.tables import Job

    try:
        async with sessions.begin() as session:
            session.add(row)
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise AssertionError(f"A job was refused: {said}.") from None
    async with sessions() as session:
        return await session.get_one(Job, row.id)


# - `run_at` is a moment of the type `Moment`:
async def test_its_moment_keeps_its_offset(
    sessions: "async_sessionmaker[AsyncSession]",
) -> None:
    """`run_at` comes back as the same moment, with its offset."""
    found = (await kept(sessions, job(run_at=AT))).run_at
    assert found.tzinfo, f"{AT} was stored, and came back as {found}. Take `Moment`."
    assert found == AT, f"{AT} was stored, and came back as {found}."


async def test_it_is_now_unless_you_say() -> None:
    """Without a `run_at`, a job may run from the moment at which it is stored."""
    from waybill import tables

    column = tables.Job.__table__.columns["run_at"]
    assert not column.nullable, "A job without a moment could be stored."
    assert column.default is not None, (
        "A job without a `run_at` was made, and nobody gives it one: `default=now`."
    )


# - `run_at` is a moment of the type `Moment`:
async def test_each_job_has_its_own_now(
    sessions: "async_sessionmaker[AsyncSession]",
) -> None:
    """Each job asks the clock anew."""
    before = datetime.now(UTC) - timedelta(seconds=1)
    one, two = [await kept(sessions, job()) for _ in range(2)]
    after = datetime.now(UTC) + timedelta(seconds=1)
    assert before < one.run_at < after, f"A job was stored at {one.run_at}."
    assert one.run_at < two.run_at, (
        "Two jobs were stored, one after the other, with the same moment. Hand over "
        "`now` itself, not what it returned once."
    )


# - `last_error` is a text of up to 100 characters.
async def test_its_error_is_a_text(
    sessions: "async_sessionmaker[AsyncSession]",
) -> None:
    """`last_error` is a text of up to 100 characters, empty at first."""
    from waybill.tables import Job

    columns = Job.__table__.columns
    assert "last_error" in columns, "Job has no column `last_error`."
    found = await kept(sessions, job())
    assert found.last_error is None, (
        f"At first `last_error` is {found.last_error!r}; None is wanted: "
        "`Mapped[str | None]`, and no default."
    )
    text = "x" * 100
    assert (await kept(sessions, job(last_error=text))).last_error == text
    length = getattr(columns["last_error"].type, "length", None)
    assert length == 100, f"`last_error` has the length {length}; 100 is asked for."


# - The index at the end is `ix_jobs_state_run_at_id` instead, on `state`, `run_at` and
# `id`, in this order.
def test_an_index_finds_them() -> None:
    """An index holds `state`, `run_at` and `id`, in this order."""
    from waybill.tables import Job

    found = {str(one.name): list(one.columns.keys()) for one in Job.__table__.indexes}
    wanted = {"ix_jobs_state_run_at_id": ["state", "run_at", "id"]}
    assert found == wanted, (
        f"The indexes of jobs are {found or 'none'}; wanted is {wanted}. Workers look "
        "for what is waiting, then for what is due, then for the first."
    )
    extra = [one for one in Job.__table__.indexes if one.unique]
    assert not extra, "An index of jobs is unique; two jobs may be alike."


# - The other columns and the table's name stay.
async def test_the_rest_stays(sessions: "async_sessionmaker[AsyncSession]") -> None:
    """The other columns, the name and the defaults are as they were."""
    from waybill.tables import Job

    assert Job.__tablename__ == "jobs", f"The table is called {Job.__tablename__}."
    found = {column.name for column in Job.__table__.c}
    assert found == COLUMNS, f"The columns of jobs are {sorted(found)}."
    row = await kept(sessions, job(run_at=AT))
    assert (row.state, row.attempts) == ("waiting", 0), (
        f"A new job is {row.state}, with {row.attempts} attempts."
    )
    assert row.payload == {"account_id": 3}, f"The payload is {row.payload}."
    lengths = {
        name: getattr(Job.__table__.c[name].type, "length", None)
        for name in ("kind", "state")
    }
    assert lengths == {"kind": 30, "state": 7}, f"The lengths are {lengths}."


# - The other columns and the table's name stay.
async def test_an_id_is_given_once(
    sessions: "async_sessionmaker[AsyncSession]",
) -> None:
    """An id is given once, though the job before is gone."""
    from sqlalchemy import delete

    from waybill.tables import Job

    first = (await kept(sessions, job(run_at=AT))).id
    async with sessions.begin() as session:
        await session.execute(delete(Job))
    second = (await kept(sessions, job(run_at=AT))).id
    assert second > first, f"Job {first} was done, and the next one is {second} again."
