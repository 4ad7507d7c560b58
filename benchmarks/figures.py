"""Measuring in turn, and the table of what was measured: the same for all."""

import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.table import Table

HOME = Path(__file__).resolve().parent.parent
SAMPLE = HOME / "tests" / "sample_course"
BREATH = 0.8
"""Seconds between two runs. A learner takes longer to read a verdict; in that time the
next child gets ready."""
Variant = Callable[[], object]
Times = dict[str, list[float]]


def interleaved(
    variants: Mapping[str, Variant], rounds: int, breath: float = BREATH
) -> Times:
    """Run the variants in turn, so that a busy moment strikes all; return seconds.

    A variant that returns seconds is taken at its word.
    """
    times: Times = {name: [] for name in variants}
    for number in range(rounds + 1):
        for name, variant in variants.items():
            time.sleep(breath)
            start = time.perf_counter()
            own = variant()
            took = time.perf_counter() - start
            if number:  # the first round warms the caches
                times[name].append(own if isinstance(own, float) else took)
    return times


def table(title: str, times: Times, column: str, entry: Callable[[str], str]) -> Table:
    """Return the figures of each variant, and one more column about it."""
    result = Table("", title=title)
    for heading in ("median ms", "fastest ms", column):
        result.add_column(heading, justify="right")
    result.caption = f"{len(next(iter(times.values())))} rounds, interleaved"
    for name, seconds in times.items():
        figures = (statistics.median(seconds), min(seconds))
        result.add_row(name, *(f"{1000 * one:.0f}" for one in figures), entry(name))
    return result


def compared(title: str, times: Times) -> Table:
    """Return the figures, with how many times faster than the first row each one is."""
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    base = next(iter(medians.values()))
    return table(
        title, times, "times faster", lambda name: f"{base / medians[name]:.1f}"
    )
