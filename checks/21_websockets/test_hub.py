"""Checks of websockets.hub: rooms in which nobody can hold up anybody else."""

import asyncio
import inspect
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import WebSocketException

if TYPE_CHECKING:
    from waybill.hub import Screen


@pytest.fixture
def waits() -> Callable[["Screen"], list[str]]:
    """Return a function that takes all that waits; an end is `End 1013`."""
    from waybill.hub import End

    def waits(screen: "Screen") -> list[str]:
        found: list[Any] = []
        while not screen.waiting.empty():
            found.append(screen.waiting.get_nowait())
        return [f"End {one.code}" if isinstance(one, End) else one for one in found]

    return waits


# - `publish` lets a text wait for each screen of that depot, in order, and for no other
# screen.
async def test_a_text_reaches_its_depot(waits: Callable[..., list[str]]) -> None:
    """`publish` lets a text wait for each screen of that depot, and for no other."""
    from waybill.hub import Hub

    hub, other = Hub(), Hub()
    with (
        hub.join("HAM", 7) as gate,
        hub.join("HAM", 8) as office,
        hub.join("BER", 7) as berlin,
        other.join("HAM", 7) as elsewhere,
    ):
        for depot, text in (("HAM", "one"), ("BER", "two"), ("HAM", "three")):
            hub.publish(depot, text)
        hub.publish("MUC", "nobody watches this depot")
        found = [waits(one) for one in (gate, office, berlin, elsewhere)]
    assert found == [["one", "three"], ["one", "three"], ["two"], []], (
        "Two screens watched HAM, one BER, and one HAM at another hub. `one` and "
        "`three` were published for HAM, `two` for BER. In that order, what waited "
        f"for the four: {found}."
    )


def test_publish_waits_for_nobody() -> None:
    """`publish` is no coroutine: whoever publishes waits for nobody."""
    from waybill.hub import Hub

    assert not inspect.iscoroutinefunction(Hub.publish), (
        "`publish` is an `async def`, so whoever publishes would wait. It only fills "
        "queues; let it stay a `def`."
    )


async def test_who_waits_is_told(waits: Callable[..., list[str]]) -> None:
    """A task that waits for a screen's next text gets it."""
    from waybill.hub import Hub

    hub = Hub()
    with hub.join("HAM", 7) as screen:
        waiting = asyncio.create_task(screen.waiting.get())
        await asyncio.sleep(0)
        hub.publish("HAM", "news")
        for _ in range(5):
            await asyncio.sleep(0)
        got = waiting.result() if waiting.done() else None
        waiting.cancel()
    assert got == "news", f"A task waited for the next text, and got {got!r}."
    assert waits(screen) == []


# - A screen is in its room while the block of `join` runs, however that block ends.
async def test_a_room_is_left_however_a_block_ends() -> None:
    """A screen leaves its room however its block ends, and an empty room is gone."""
    from waybill.hub import Hub

    hub = Hub()

    def come_and_go(how: BaseException | None) -> None:
        with hub.join("HAM", 8):
            if how:
                raise how

    for how in (None, LookupError("it failed"), asyncio.CancelledError()):
        with hub.join("HAM", 7) as stays:
            came: BaseException | None = None
            try:
                come_and_go(how)
            except (LookupError, asyncio.CancelledError) as error:
                came = error
            there = hub.screens()
            hub.publish("HAM", "still here")
            count = stays.waiting.qsize()
        # Outside of the block: a `join` that swallows errors would swallow these.
        assert came is how, f"A block raised {how!r}, and {came!r} came out."
        assert there == [stays], (
            f"A block of `join` ended with {how!r}; {len(there)} screens were in the "
            "hub where the other one should be. What stands in `finally` runs however "
            "a block ends."
        )
        assert count == 1, "The other screen wasn't told any more."
        assert not hub.rooms, (
            f"All screens have left, and these rooms are there: {[*hub.rooms]}. A hub "
            "whose rooms stay grows with each name that anybody has tried."
        )


# - When a text comes and `MOST_WAITING` others wait, the screen ends with the code
# 1013, which says "try again later".
async def test_a_slow_screen_ends(waits: Callable[..., list[str]]) -> None:
    """A screen for which too much waits ends with 1013; the others get the text."""
    from waybill.hub import MOST_WAITING, Hub

    texts = [f"text {number}" for number in range(MOST_WAITING + 1)]
    for position in (0, 1, 2):
        hub = Hub()
        with ExitStack() as stack:
            screens = [stack.enter_context(hub.join("HAM", 7 + n)) for n in range(3)]
            slow = screens[position]
            read: list[list[str]] = [[], [], []]
            for text in texts[:-1]:
                hub.publish("HAM", text)
                for number, screen in enumerate(screens):
                    if screen is not slow:
                        read[number] += waits(screen)
            full = slow.waiting.qsize()
            assert full == MOST_WAITING, (
                f"{MOST_WAITING} texts were published, and {full} wait for a screen "
                "that reads none. So many may wait."
            )
            try:
                hub.publish("HAM", texts[-1])
            except asyncio.QueueFull:
                pytest.fail(
                    f"For one screen, {MOST_WAITING} texts waited. `publish` raised "
                    "QueueFull, at somebody who can't help it."
                )
            found = waits(slow)
            assert found == ["End 1013"], (
                f"For one screen, {MOST_WAITING} texts waited when the next came. Now "
                f"it finds {found[:3]}…, {len(found)} in all, and should find its End, "
                "with the code 1013, and nothing else."
            )
            for number, screen in enumerate(screens):
                if screen is not slow:
                    read[number] += waits(screen)
                    assert read[number] == texts, (
                        f"{len(texts)} texts were published, one screen was slow, and "
                        f"another one read {len(read[number])} of them."
                    )


async def test_a_screen_that_reads_goes_on(waits: Callable[..., list[str]]) -> None:
    """A screen that keeps reading isn't ended, however much it was sent."""
    from waybill.hub import MOST_WAITING, Hub

    hub = Hub()
    with hub.join("HAM", 7) as screen:
        for _ in range(MOST_WAITING):
            hub.publish("HAM", "a text")
        for _ in range(3 * MOST_WAITING):
            screen.waiting.get_nowait()
            hub.publish("HAM", "a text")
        found = waits(screen)
    assert found == ["a text"] * MOST_WAITING, (
        "A screen took one text whenever another one came, so there was always room. "
        f"It found {found[-1]!r} at last, {len(found)} texts in all."
    )


# - A screen that was ended finds `End(code)` and nothing else: what waited is gone, and
# later texts and ends change nothing.
@pytest.mark.parametrize("waiting", [0, 1, 100])
async def test_an_ended_screen_finds_its_end(
    waits: Callable[..., list[str]], waiting: int
) -> None:
    """A screen that was ended finds its `End`, once, and nothing else."""
    from waybill.hub import Hub

    hub = Hub()
    with hub.join("HAM", 7) as screen, hub.join("HAM", 8) as other:
        for _ in range(waiting):
            hub.publish("HAM", "it waits")
        waits(other)
        screen.end(1008)
        screen.end(1011)
        for _ in range(200):
            hub.publish("HAM", "later")
            waits(other)
        screen.end(1013)
        found = waits(screen)
        assert found == ["End 1008"], (
            f"While {waiting} texts waited, `end(1008)` was called, then others, and "
            f"more was published. The screen found {found[:3]}, {len(found)} in all, "
            "and should find End(1008)."
        )
        hub.publish("HAM", "much later")
        screen.end(1011)
        found = waits(screen)
    assert found == [], (
        f"A screen had found its End, and then it found {found}. Nothing follows."
    )


async def test_who_waits_is_told_of_the_end() -> None:
    """A task that waits for a screen's next text finds its end."""
    from waybill.hub import End, Hub

    with Hub().join("HAM", 7) as screen:
        waiting = asyncio.create_task(screen.waiting.get())
        await asyncio.sleep(0)
        screen.end(1008)
        for _ in range(5):
            await asyncio.sleep(0)
        got = waiting.result() if waiting.done() else None
        waiting.cancel()
    assert got == End(1008), (
        f"A task waited for the next text when `end(1008)` was called, and got {got}. "
        "It waits at the queue that the screen had: empty that one, and fill it."
    )


# - An account has at most `MOST_SCREENS` screens, as in the starting code.
async def test_an_account_has_so_many_screens() -> None:
    """An account has so many screens, whatever they watch; a refusal leaves nothing."""
    from waybill.hub import MOST_SCREENS, Hub

    hub = Hub()
    with ExitStack() as stack, hub.join("HAM", 8):
        for number in range(MOST_SCREENS):
            stack.enter_context(hub.join(("HAM", "BER")[number % 2], 7))
        for depot in ("HAM", "MUC"):
            with pytest.raises(WebSocketException), hub.join(depot, 7):
                pass
        assert "MUC" not in hub.rooms, "A screen was refused, and its room is there."
        with hub.join("HAM", 8):
            there = len(hub.screens())
    assert there == MOST_SCREENS + 2, (
        f"{MOST_SCREENS} screens of one account and 2 of another are in the hub, and "
        f"`screens()` has {there}."
    )
    with hub.join("HAM", 7) as again:
        assert hub.screens() == [again], "All had left, and one came back."
