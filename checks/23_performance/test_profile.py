"""Checks of performance.profile: where the time goes, and how often."""

import asyncio
import sys
from typing import Any

import pytest


class Steps:
    """A clock of steps, and functions that take some."""

    def __init__(self) -> None:
        self.now = 0.0

    def timer(self) -> float:
        """Return the steps so far."""
        return self.now

    def light(self) -> None:
        """Take a step."""
        self.now += 1

    def heavy(self) -> None:
        """Take seven."""
        self.now += 7

    def middle(self) -> None:
        """Take two, and let others take more."""
        self.now += 2
        self.light()
        self.heavy()

    async def whole(self) -> None:
        """Take three, and let others take more."""
        self.now += 3
        for _ in range(4):
            self.light()
        self.middle()
        self.middle()


OWN = {"heavy": (2, 14.0), "light": (6, 6.0), "middle": (2, 4.0), "whole": (1, 3.0)}


async def costs(call: Any, steps: Steps, most: int) -> list[tuple[str, int, float]]:  # noqa: ANN401
    """Profile a call, and return what is found of this file's functions."""
    from tests.profiling import profiled

    found = await profiled(call, most, timer=steps.timer)
    return [
        (one.where.rpartition(":")[2], one.calls, round(one.own, 6))
        for one in found
        if one.where.startswith("test_profile.py:")
    ]


# - It awaits `call()` once, and returns a `Cost` for each of the `most` functions that
# took the longest in themselves, the longest first.
async def test_the_longest_come_first() -> None:
    """The functions that took the longest in themselves come first."""
    steps = Steps()
    found = await costs(steps.whole, steps, 50)
    names = [name for name, _, own in found if own]
    assert names == ["heavy", "light", "middle", "whole"], (
        "In themselves, heavy took 14 steps, light 6, middle 4 and whole 3. Yours are "
        f"in the order {names}. In all, whole took the most, since it calls the others."
    )


@pytest.mark.parametrize("most", [1, 2, 3])
async def test_there_are_so_many(most: int) -> None:
    """There are `most` of them, and no more."""
    from tests.profiling import profiled

    steps = Steps()
    found = await profiled(steps.whole, most, timer=steps.timer)
    names = [one.where for one in found]
    expected = [f"test_profile.py:{name}" for name in [*OWN][:most]]
    assert names == expected, f"With most={most}, {names} came, not {expected}."


async def test_five_are_usual() -> None:
    """Without a number there are five, by real seconds, and the call runs once."""
    from tests.profiling import profiled

    ran: list[int] = []

    async def call() -> None:
        ran.append(len(ran))
        for number in range(9):
            sorted([number])
            str(number).strip().lower().upper().split()

    found = await profiled(call)
    assert len(ran) == 1, f"`call` was run {len(ran)} times, and once is asked for."
    assert len(found) == 5, f"Without `most`, {len(found)} costs came, and not 5."


# - A cost has the calls of its function, and its time in itself.
async def test_a_cost_is_of_the_function_itself() -> None:
    """A cost has the calls of its function, and its time in itself."""
    steps = Steps()
    found = {
        name: (calls, own) for name, calls, own in await costs(steps.whole, steps, 50)
    }
    for name, expected in OWN.items():
        assert found.get(name) == expected, (
            f"{name} was called {expected[0]} times and took {expected[1]:g} steps in "
            f"itself; (calls, own) are {found.get(name)}."
        )


async def test_what_is_awaited_counts() -> None:
    """What goes on after a pause is counted, too."""
    steps = Steps()

    async def call() -> None:
        steps.light()
        await asyncio.sleep(0)
        steps.heavy()

    names = [name for name, *_ in await costs(call, steps, 50)]
    assert {"light", "heavy"} <= {*names}, (
        f"`call` pauses between light and heavy; found: {names}. Await it while the "
        "profiler is on."
    )


# - The profiler is off afterwards, also when `call` raises; that exception goes on.
@pytest.mark.parametrize("fails", [False, True])
async def test_it_is_off_afterwards(fails: bool) -> None:
    """The profiler is off afterwards, also when `call` raises."""
    from tests.profiling import profiled

    error = LookupError("in the middle")
    steps = Steps()

    async def call() -> None:
        steps.light()
        if fails:
            raise error

    before, raised = sys.getprofile(), None
    try:
        await profiled(call, timer=steps.timer)
    except LookupError as one:
        raised = one
    left = sys.getprofile()
    sys.setprofile(before)
    if left is not before and hasattr(left, "disable"):
        left.disable()
    assert left is before, (
        f"`call` {'raised an exception' if fails else 'has ended'}, and the profiler "
        "is still on: it slows everything down. `finally` runs after both."
    )
    expected = error if fails else None
    assert raised is expected, f"`call` raised {expected!r}, and {raised!r} came out."
