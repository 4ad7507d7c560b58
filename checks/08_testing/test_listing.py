"""Checks of testing.listing: the learner's tests, on Waybill and on one with a bug."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI

Run = Callable[..., SimpleNamespace]
Assert = Callable[..., None]
FILE = "test_listing"
MOST = 100


def mistaken(
    *,
    empty: bool = False,
    of_all: bool = False,
    unlimited: bool = False,
    newest_first: bool = False,
) -> FastAPI:
    """Return an app that lists parcels as Waybill does, with one bug."""
    from sqlalchemy import select
    from sqlalchemy.orm import selectinload

    from waybill.database import Session
    from waybill.dependencies import CurrentAccount, PageQuery
    from waybill.parcels import TrackedParcel
    from waybill.tables import Parcel

    app = FastAPI()

    @app.get("/v1/parcels", response_model=list[TrackedParcel])
    async def list_parcels(
        page: PageQuery, session: Session, account: CurrentAccount
    ) -> Any:  # noqa: ANN401
        if empty:
            return []
        query = select(Parcel).options(selectinload(Parcel.scans))
        query = query.where(Parcel.id > page.after)
        if not of_all:
            query = query.where(Parcel.owner_id == account.id)
        query = query.order_by(Parcel.id.desc() if newest_first else Parcel.id)
        query = query.limit(MOST if unlimited else page.limit)
        return (await session.scalars(query)).all()

    return app


# - Your tests are green on your Waybill, in any order, and never sleep.
def test_right_waybill_is_green(
    run: Run, assert_green: Assert, assert_awake: Assert
) -> None:
    """Your tests are green on your Waybill, and never sleep."""
    outcome = run()
    assert_green(outcome, "", "What should the list hold, and for whom?")
    assert_awake(outcome)


def test_any_order_is_green(run: Run, assert_green: Assert) -> None:
    """Your tests are green in the opposite order, too."""
    advice = "What one test leaves behind must not matter to another one."
    assert_green(run(backwards=True), ", with the last test first,", advice)


def test_a_plain_list_is_as_good(run: Run, assert_green: Assert) -> None:
    """They are green on a list that was written otherwise, and is right."""
    advice = "Ask for what the list promises, not for how it is made."
    assert_green(run(routes=mistaken()), ", for one that is written otherwise,", advice)


# - They are red when the list is always empty.
def test_an_empty_list_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when the list is always empty."""
    assert_red(
        run(routes=mistaken(empty=True)),
        "GET /v1/parcels always answered []",
        "A loop over an empty list runs zero times. Compare the whole list with what "
        "was handed in.",
    )


# - They are red when the list holds somebody else's parcels.
def test_somebody_elses_parcel_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when the list holds somebody else's parcels."""
    assert_red(
        run(routes=mistaken(of_all=True)),
        "Bob was shown what Lena had handed in",
        "Let Lena hand something in first, and compare the JSON of what Bob reads: the "
        "response itself is true whatever it says.",
    )


# - They are red when more parcels come than `limit` says.
def test_more_than_the_limit_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when more parcels come than `limit` says."""
    assert_red(
        run(routes=mistaken(unlimited=True)),
        "With limit=1 two parcels came",
        "Does an `except` catch what your assert raises? Hand in more than the limit.",
    )


# - They are red when the newest parcel comes first.
def test_newest_first_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when the newest parcel comes first."""
    assert_red(
        run(routes=mistaken(newest_first=True)),
        "The newest parcel came first",
        "What is sorted before it is compared has lost the order in which it came.",
    )


# - Each of your tests is red on at least one of these bugs.
def test_each_can_fail(run: Run) -> None:
    """Each of your tests is red on at least one of these bugs."""
    bugs = (
        mistaken(empty=True),
        mistaken(of_all=True),
        mistaken(unlimited=True),
        mistaken(newest_first=True),
    )
    reds = [run(routes=bug).is_red for bug in bugs]
    never = [name for name in reds[0] if not any(red.get(name) for red in reds)]
    assert not never, (
        f"{never[0]} stays green on each of the four bugs, or crashes: none of its "
        "asserts ever fails. What does it compare, and with what?"
    )
