#| kata: performance.profile
#| refused_by: test_a_cost_is_of_the_function_itself
# The time is divided by the calls.
import cProfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType


@dataclass(frozen=True)
class Cost:
    """What a function has cost: its calls, and the seconds spent in itself."""

    where: str
    calls: int
    own: float


def named(code: CodeType | str) -> str:
    """Return where a function stands, such as `dispatch.py:list_jobs`."""
    if isinstance(code, str):
        return code  # one of Python's own
    return f"{Path(code.co_filename).name}:{code.co_name}"


async def profiled(
    call: Callable[[], Awaitable[object]],
    most: int = 5,
    timer: Callable[[], float] = time.perf_counter,
) -> list[Cost]:
    """Run something once; return the functions that took most time in themselves."""
    profiler = cProfile.Profile(timer)
    profiler.enable()
    try:
        await call()
    finally:
        profiler.disable()
    entries = sorted(profiler.getstats(), key=lambda one: one.inlinetime, reverse=True)
    costs = [
        Cost(named(one.code), one.callcount, one.inlinetime / one.callcount)
        for one in entries
    ]
    return costs[:most]
