"""Checks of observability.backlog: what waits and what is dead is counted."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Fill = Callable[..., Awaitable[None]]


@pytest.fixture
def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """An app with metrics of its own and a database."""
    from waybill.metrics import Metrics

    app = FastAPI()
    app.state.sessions = sessions
    app.state.metrics = Metrics()
    return app


@pytest.fixture
def fill(sessions: "async_sessionmaker[AsyncSession]") -> Fill:
    """Return what replaces all jobs by so many waiting and so many dead ones."""
    from sqlalchemy import delete

    from waybill.tables import Job

    async def fill(waiting: int, dead: int) -> None:
        async with sessions.begin() as session:
            await session.execute(delete(Job))
            for state, count in (("waiting", waiting), ("dead", dead)):
                session.add_all(
                    Job(kind="welcome", payload={"account_id": n}, state=state)
                    for n in range(count)
                )

    return fill


async def shown(app: FastAPI) -> dict[str, float]:
    """Count, and return what the metrics show by state."""
    from waybill.metrics import count_jobs

    await count_jobs(app)
    return {
        sample.labels.get("state", ""): sample.value
        for family in app.state.metrics.registry.collect()
        for sample in family.samples
        if sample.name == "waybill_jobs"
    }


# - `jobs` shows how many jobs there are in each of `JOB_STATES`, as they are now. Where
# there are none, it shows 0.
async def test_each_state_is_counted(app: FastAPI, fill: Fill) -> None:
    """`jobs` shows how many wait and how many are dead, now; 0 where there are none."""
    for waiting, dead in ((3, 0), (1, 2), (0, 0), (0, 5)):
        await fill(waiting, dead)
        found = await shown(app)
        wanted = {"waiting": waiting, "dead": dead}
        assert found == wanted, (
            f"{waiting} jobs wait and {dead} are dead, and `jobs` shows {found}; "
            f"{wanted} is wanted. `GROUP BY` has no row for a state without jobs, and "
            "a gauge keeps what it was set to."
        )


# - One query is enough, however many jobs there are, and no row of a job is read.
@pytest.mark.parametrize("many", [2, 40])
async def test_one_query_counts(
    app: FastAPI, fill: Fill, queries: list[str], many: int
) -> None:
    """One query counts, and reads no job."""
    await fill(many, many)
    queries.clear()
    await shown(app)
    asked = [one for one in queries if "jobs" in one]
    assert len(asked) == 1, (
        f"There are {2 * many} jobs, and {len(asked)} queries were sent: {asked[:3]}"
    )
    assert "payload" not in asked[0], (
        f"The query reads whole jobs: {asked[0]!r}. Let the database count: "
        "`select(Job.state, func.count())`."
    )


class Failing:
    """What stands in place of `app.state.sessions`, and fails or hangs."""

    def __init__(self, failure: BaseException | None) -> None:
        self.failure = failure

    def __call__(self) -> "Failing":
        """Make a session, which is this object itself."""
        return self

    begin = __call__

    async def __aenter__(self) -> "Failing":
        """Open a session."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close it."""

    async def execute(self, *_statement: object) -> Any:  # noqa: ANN401
        """Fail, or never answer."""
        if self.failure is None:
            await asyncio.Event().wait()
        assert self.failure
        raise self.failure

    scalars = scalar = execute


# - If the database fails or takes longer than `LONGEST`, `jobs` shows nothing, and
# nothing is raised: the other numbers are shown all the same.
@pytest.mark.parametrize(
    "failure",
    [OperationalError("SELECT", {}, Exception("gone")), ConnectionRefusedError(), None],
    ids=["fails", "refuses", "hangs"],
)
async def test_no_database_no_numbers(
    app: FastAPI,
    fill: Fill,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException | None,
) -> None:
    """Without a database `jobs` shows nothing, and nothing is raised."""
    await fill(3, 2)
    before, there = await shown(app), app.state.sessions
    app.state.sessions = Failing(failure)
    monkeypatch.setattr("waybill.metrics.LONGEST", 0.01)
    what = f"The database raised {failure!r}" if failure else "The database hung"
    try:
        async with asyncio.timeout(1) as limit:
            found = await shown(app)
    except (OperationalError, OSError) as error:
        assert not limit.expired(), (
            f"{what}, LONGEST was a hundredth of a second, and after a whole one "
            "`count_jobs` still waited. See `asyncio.timeout`."
        )
        raise AssertionError(
            f"{what}, and `count_jobs` raised {type(error).__name__}. Then /metrics is "
            "a 500, and shows no numbers at all."
        ) from None
    assert found == {}, (
        f"{what}. `jobs` shows {found}, from the time before. Nobody knows how many "
        "there are now: `clear()` first."
    )
    app.state.sessions = there
    monkeypatch.setattr("waybill.metrics.LONGEST", 10.0)
    assert await shown(app) == before, "The database is back, and the numbers are not."


# - `count_jobs` is in `preparations`, once.
def test_it_is_among_the_preparations() -> None:
    """`count_jobs` is in `preparations`, once."""
    from waybill.metrics import count_jobs, preparations

    count = preparations.count(count_jobs)
    assert count == 1, f"`preparations` has `count_jobs` {count} times."
