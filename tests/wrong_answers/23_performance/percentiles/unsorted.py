#| kata: performance.percentiles
#| refused_by: test_it_is_the_nearest_rank
# It doesn't sort.
import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Visit:
    """A request of a load test; all times are seconds on one clock."""

    due: float
    sent: float
    answered: float


def latencies(visits: Sequence[Visit]) -> list[float]:
    """Return how long each client waited."""
    return [visit.answered - visit.due for visit in visits]


def percentile(waits: Sequence[float], percent: int) -> float:
    """Return the smallest wait that so many percent of all don't exceed."""
    if not waits:
        raise ValueError("No wait was measured, so there is no percentile.")
    rank = math.ceil(len(waits) * percent / 100)
    return waits[rank - 1]
