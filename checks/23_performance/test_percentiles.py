"""Checks of performance.percentiles: what a client feels, and how many feel it."""

import random
from typing import Any

import pytest


def visit(due: float, sent: float, answered: float) -> Any:  # noqa: ANN401
    """Make a visit."""
    from tests.latency import Visit

    return Visit(due=due, sent=sent, answered=answered)


def found(waits: list[float], percent: int) -> float:
    """Ask the learner's function; a crash is told with what was asked."""
    from tests.latency import percentile

    try:
        return percentile(waits, percent)
    except (IndexError, TypeError) as error:
        raise AssertionError(
            f"percentile({waits if len(waits) < 9 else f'{len(waits)} waits'}, "
            f"{percent}) raised {type(error).__name__}: {error}. The rank is counted "
            "from 1 and a list from 0; percent may be 100, and one wait is enough."
        ) from None


# - A latency counts from the moment when the request was due until it was answered,
# whenever it was sent.
@pytest.mark.parametrize("late", [0.0, 2.0, 0.25])
def test_it_counts_from_when_it_was_due(late: float) -> None:
    """A latency counts from when the request was due, however late it was sent."""
    from tests.latency import latencies

    got = [*latencies([visit(1.0, 1.0 + late, 1.5 + late)])]
    assert got == pytest.approx([0.5 + late]), (
        f"A request was due at 1.0, sent at {1.0 + late} and answered at {1.5 + late}. "
        f"Its client waited for {0.5 + late} seconds, and yours says {got}. A test "
        "that was late itself is no reason to count less."
    )


# - Latencies come in the order of the visits, one for each.
def test_there_is_one_for_each() -> None:
    """Latencies come in the order of the visits, one for each."""
    from tests.latency import latencies

    visits = [visit(3, 3, 3.5), visit(1, 1, 3), visit(2, 2.25, 2.5), visit(4, 4, 6)]
    got = [*latencies(visits)]
    assert got == pytest.approx([0.5, 2, 0.5, 2]), (
        f"Four visits took 0.5, 2, 0.5 and 2 seconds, in this order; yours are {got}."
    )
    nothing = [*latencies([])]
    assert nothing == [], f"Of no visits, the latencies are {nothing}."


# - `percentile(waits, 99)` is the smallest of the waits that at least 99 percent of all
# don't exceed. It is always one of them.
@pytest.mark.parametrize(
    ("waits", "percent", "expected"),
    [
        ([0.3, 0.1, 0.2, 0.9], 50, 0.2),
        ([0.3, 0.1, 0.2, 0.9], 99, 0.9),
        ([0.3, 0.1, 0.2, 0.9], 75, 0.3),
        ([0.3, 0.1, 0.2, 0.9], 76, 0.9),
        ([0.3, 0.1, 0.2, 0.9], 100, 0.9),
        ([0.4, 0.1, 0.2], 50, 0.2),
        ([0.5], 1, 0.5),
        ([0.5], 99, 0.5),
        ([0.5, 0.0], 50, 0.0),
    ],
)
def test_it_is_the_nearest_rank(
    waits: list[float], percent: int, expected: float
) -> None:
    """It is the smallest wait that so many percent don't exceed."""
    got = found(waits, percent)
    assert got == expected, (
        f"Of {sorted(waits)}, the smallest that at least {percent} percent don't "
        f"exceed is {expected}; percentile(…, {percent}) returned {got}."
    )


def test_it_counts_many() -> None:
    """Of a thousand waits, the 990th in order is the p99."""
    waits = [float(number) for number in range(1, 1001)]
    random.Random(23).shuffle(waits)  # noqa: S311 - no secret
    for percent, expected in ((50, 500.0), (90, 900.0), (99, 990.0), (100, 1000.0)):
        got = found(waits, percent)
        assert got == expected, (
            f"Of the waits 1 to 1000, p{percent} is {expected:g}, and yours is {got}. "
            f"{percent} percent of 1000 are {percent * 10}, so it is that one in order."
        )


def test_it_counts_twice_what_is_there_twice() -> None:
    """Waits that are equal are counted each."""
    for waits, percent, expected in (
        ([0.1, 0.1, 0.1, 0.5], 50, 0.1),
        ([0.1, 0.5, 0.5, 0.5], 50, 0.5),
        ([0.2] * 9 + [0.7], 90, 0.2),
    ):
        got = found(waits, percent)
        assert got == expected, (
            f"The p{percent} of {waits} is {expected}, and yours is {got}: each client "
            "counts, also if another one has waited as long."
        )


# - The order of the waits doesn't matter, and they are left as they are.
def test_waits_are_left_alone() -> None:
    """The order of the waits doesn't matter, and they are left as they are."""
    waits = [0.7, 0.1, 0.4, 0.2]
    for order in (waits, waits[::-1], [0.1, 0.7, 0.2, 0.4]):
        before = [*order]
        got = found(order, 50)
        assert got == 0.2, f"The p50 of {before} is 0.2, and yours is {got}."
        assert order == before, (
            f"percentile was given {before}, and left {order}: whoever measured still "
            "needs their order. `sorted` makes a new list."
        )
    got = found((0.7, 0.1, 0.4), 50)  # type: ignore[arg-type]
    assert got == 0.4, f"The p50 of the tuple (0.7, 0.1, 0.4) is 0.4, not {got}."


# - Without any wait, `percentile` raises a `ValueError`.
@pytest.mark.parametrize("percent", [50, 99])
def test_nothing_has_no_percentile(percent: int) -> None:
    """Without any wait, `percentile` raises a `ValueError`."""
    try:
        got = found([], percent)
    except ValueError:
        return
    raise AssertionError(
        f"percentile([], {percent}) returned {got!r}. Whoever reads that believes that "
        "something was measured: raise a ValueError."
    )
