"""Checks of caching.cache: many callers share a load, and old ones are not kept."""

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from waybill.cache import Cache


class Store(Protocol):
    """A store that notes what is asked of it."""

    kept: dict[str, str]
    puts: list[tuple[str, str]]
    turns: int


@pytest.fixture
def cache(store: Store) -> "Cache":
    """A cache on a store of the check's own."""
    from waybill.cache import Cache

    return Cache(store)  # type: ignore[arg-type]


Loads = Any
"""Loads that wait until they may go on; see conftest.py."""


# - All who ask for one `key` while it is being loaded share one load.
@pytest.mark.parametrize("turns", [0, 3])
async def test_fifty_callers_share_one_load(
    cache: "Cache", store: Store, loads: Loads, turns: int
) -> None:
    """Fifty callers for one key share one load, and so do those who come later."""
    store.turns = turns
    load = loads.of("seven")
    callers = [loads.go(cache.get("track:WB7", load)) for _ in range(49)]
    await loads.settle()
    callers.append(loads.go(cache.get("track:WB7", load)))
    await loads.settle()
    await loads.end("seven")
    got = await loads.results(callers)
    assert len(loads.begun) == 1, (
        f"50 callers asked for one key, and {len(loads.begun)} loads began. Note the "
        "task of a load in `_loads`, before anything is awaited, and look there first."
    )
    assert got == ["seven"] * 50, f"50 callers got {sorted({*map(str, got)})}."
    assert store.puts == [("track:WB7", "seven")], (
        f"One load returned 'seven', and the store was asked to put {store.puts}."
    )
    again = await cache.get("track:WB7", load)
    assert (again, len(loads.begun)) == ("seven", 1), (
        f"Afterwards another caller got {again!r}, and {len(loads.begun)} loads had "
        "begun. What is kept needs no load."
    )


async def test_who_comes_while_a_text_is_put_shares_it(
    cache: "Cache", store: Store, loads: Loads
) -> None:
    """Whoever comes while the store still takes the text begins no second load."""
    callers = [loads.go(cache.get("track:WB7", loads.of("seven")))]
    await loads.settle()
    store.turns = 30
    await loads.end("seven")
    store.turns = 1
    callers.append(loads.go(cache.get("track:WB7", loads.of("eight"))))
    await loads.settle()
    loads.may_end["eight"].set()
    got = await loads.results(callers)
    assert (got, loads.begun) == (["seven", "seven"], ["seven"]), (
        "A load was done, and the store was still taking its text. Whoever came then "
        f"got {got[1]!r}, and begun are {loads.begun}. A task is noted until then."
    )


async def test_a_key_is_loaded_again_when_it_is_gone(
    cache: "Cache", store: Store, loads: Loads
) -> None:
    """When the store has forgotten a text, it is loaded again."""
    for name in ("first", "second"):
        load = loads.of(name)
        loads.may_end[name].set()
        text = await cache.get("track:WB7", load)
        assert text == name, (
            f"The store had nothing, the load would return {name!r}, and a caller got "
            f"{text!r}. A load that is done mustn't stay in `_loads`."
        )
        store.kept.clear()


async def test_keys_and_caches_are_apart(
    cache: "Cache", store: Store, loads: Loads
) -> None:
    """Another key has a load of its own, and another cache, too."""
    from waybill.cache import Cache

    other = Cache(type(store)())  # type: ignore[arg-type]
    slow = loads.go(cache.get("track:WB7", loads.of("slow")))
    await loads.settle()
    quick = [
        loads.go(cache.get("track:WB70", loads.of("quick"))),
        loads.go(other.get("track:WB7", loads.of("quick"))),
    ]
    await loads.settle()
    await loads.end("quick")
    got = await loads.results(quick)
    assert got == ["quick", "quick"], (
        "While WB7 was being loaded, WB70 was asked for, and WB7 of another cache. "
        f"They got {got}; both loads were ready."
    )
    await loads.end("slow")
    assert await loads.results([slow]) == ["slow"]


# - A caller who goes away doesn't end the load of the others.
@pytest.mark.parametrize("leaving", [[0], [1], [0, 2]])
async def test_a_caller_may_leave(
    cache: "Cache", store: Store, loads: Loads, leaving: list[int]
) -> None:
    """A caller who goes away, even the first one, doesn't end the others' load."""
    load = loads.of("seven")
    callers = [loads.go(cache.get("track:WB7", load)) for _ in range(4)]
    await loads.settle()
    for number in leaving:
        callers[number].cancel()
    await loads.settle()
    gone = [callers[number].done() for number in leaving]
    assert all(gone), "A caller was cancelled, and still waited for the load."
    await loads.end("seven")
    got = await loads.results(callers)
    expected = [
        "was cancelled" if number in leaving else "seven" for number in range(4)
    ]
    assert got == expected, (
        f"Of four callers, number {' and '.join(str(one + 1) for one in leaving)} "
        f"went away. They got {got}. Await the load's task through `asyncio.shield`."
    )
    assert len(loads.begun) == 1, f"{len(loads.begun)} loads began for four callers."
    assert store.kept == {"track:WB7": "seven"}, (
        f"The load was done after a caller had left, and kept is {store.kept}."
    )


# - If a load fails, all who wait for it get its exception.
async def test_a_failure_reaches_everybody_and_is_forgotten(
    cache: "Cache", store: Store, loads: Loads
) -> None:
    """A load that fails: all get its exception, nothing is kept, the next one loads."""
    from sqlalchemy.exc import OperationalError

    error = OperationalError("SELECT …", {}, Exception("the disk is full"))
    load = loads.of("failing", error)
    callers = [loads.go(cache.get("track:WB7", load)) for _ in range(3)]
    await loads.settle()
    await loads.end("failing")
    got = await loads.results(callers)
    assert got == [error] * 3, (
        f"A load that three callers shared raised {error.orig!r}; they got {got}."
    )
    assert len(loads.begun) == 1, (
        f"Three callers shared a load that failed, and {len(loads.begun)} loads began. "
        "Who waits for a load gets its exception, and doesn't begin another."
    )
    assert not store.puts, f"A load failed, and the store was asked for {store.puts}."
    load = loads.of("better")
    loads.may_end["better"].set()
    (text,) = await loads.results([loads.go(cache.get("track:WB7", load))])
    assert text == "better", (
        f"A load failed, the next one would have returned 'better', and a caller got "
        f"{text!r}. Take a failed load out of `_loads`, too: in a `finally`."
    )


# - `None` means that there is nothing.
async def test_none_is_not_kept(cache: "Cache", store: Store, loads: Loads) -> None:
    """`None` is returned and not kept, and whoever asks next begins a new load."""
    load = loads.of("nothing", None)
    callers = [loads.go(cache.get("track:WB9", load)) for _ in range(3)]
    await loads.settle()
    await loads.end("nothing")
    got = await loads.results(callers)
    assert (got, len(loads.begun)) == ([None] * 3, 1), (
        f"There is no WB9. Three callers got {got}, from {len(loads.begun)} loads."
    )
    assert not store.puts, f"None was loaded, and the store had to put {store.puts}."
    load = loads.of("new")
    loads.may_end["new"].set()
    text = await cache.get("track:WB9", load)
    assert text == "new", (
        f"There was no WB9; now there is, and a caller got {text!r}. None isn't kept."
    )


async def test_an_empty_text_is_kept(cache: "Cache", store: Store) -> None:
    """A text without a character is a text like any other."""

    async def load() -> str:
        return ""

    text = await cache.get("note", load)
    assert (text, store.puts) == ("", [("note", "")]), (
        f"A load returned '', a caller got {text!r}, and put was called for "
        f"{store.puts}. Compare with `is None`."
    )


# - `drop` forgets what is kept.
async def test_drop_forgets_what_is_kept(
    cache: "Cache", store: Store, loads: Loads
) -> None:
    """`drop` forgets what is kept under one key."""
    store.kept |= {"track:WB7": "old", "track:WB70": "other"}
    await cache.drop("track:WB7")
    assert store.kept == {"track:WB70": "other"}, (
        f"WB7 was dropped, and the store keeps {store.kept}. Ask it to drop the key."
    )
    loads.of("new")
    loads.may_end["new"].set()
    text = await cache.get("track:WB7", loads.of("new"))
    assert text == "new", f"WB7 was dropped; then a caller got {text!r}, not 'new'."


async def test_a_load_that_began_before_a_drop_is_not_kept(
    cache: "Cache", store: Store, loads: Loads
) -> None:
    """What was being loaded when its key was dropped is returned, and not kept."""
    early = loads.go(cache.get("track:WB7", loads.of("old")))
    bystander = loads.go(cache.get("track:WB70", loads.of("other")))
    await loads.settle()
    await cache.drop("track:WB7")
    await loads.end("old")
    await loads.end("other")
    got = await loads.results([early, bystander])
    assert got == ["old", "other"], (
        f"WB7 was dropped while it was loaded, and its caller got {got[0]!r}; WB70 "
        f"wasn't dropped, and got {got[1]!r}. Who asked early may read what was true."
    )
    assert store.kept == {"track:WB70": "other"}, (
        f"WB7 was dropped while it was loaded, WB70 was not. Kept is {store.kept}. "
        "Keep a text only if its task is still the one in `_loads`, and let `drop` "
        "take it out of there."
    )


async def test_a_load_that_ends_during_a_drop_is_not_kept(
    cache: "Cache", store: Store, loads: Loads
) -> None:
    """What is loaded while the store still answers to a `drop` is not kept."""
    caller = loads.go(cache.get("track:WB7", loads.of("old")))
    await loads.settle()
    store.turns = 40
    dropping = loads.go(cache.drop("track:WB7"))
    await asyncio.sleep(0)
    await loads.end("old")
    await loads.results([caller, dropping])
    assert store.kept == {}, (
        "WB7 was dropped; its old load ended after the store had forgotten the text, "
        f"and before the store's answer was there. Kept is {store.kept}. Take the note "
        "out of `_loads` first."
    )


@pytest.mark.parametrize("first", ["old", "new"])
@pytest.mark.parametrize("fails", [False, True])
async def test_after_a_drop_a_new_load_begins(
    cache: "Cache", store: Store, loads: Loads, first: str, fails: bool
) -> None:
    """Whoever asks after a `drop` begins a new load, which others then share."""
    old = loads.of("old", KeyError("WB7")) if fails else loads.of("old")
    callers = [loads.go(cache.get("track:WB7", old))]
    await loads.settle()
    await cache.drop("track:WB7")
    callers.append(loads.go(cache.get("track:WB7", loads.of("new"))))
    await loads.settle()
    assert loads.begun == ["old", "new"], (
        "WB7 was dropped while it was loaded, and then asked for again. Begun are "
        f"{loads.begun}; expected: a new load, since the old one may be out of date."
    )
    await loads.end(first)
    if first == "old":
        callers.append(loads.go(cache.get("track:WB7", loads.of("third"))))
        await loads.settle()
        assert loads.begun == ["old", "new"], (
            "An old load ended while a new one was running, and the next caller began "
            "a third. The old one may only take itself out of `_loads`."
        )
    for name in ("old", "new"):
        await loads.end(name)
    got = await loads.results(callers)
    assert got[1:] == ["new"] * (len(callers) - 1), (
        f"Callers who came after the drop got {got[1:]} instead of 'new'."
    )
    assert store.kept == {"track:WB7": "new"}, (
        f"An old load and a new one ended, the {first} one first. Kept is "
        f"{store.kept}; it should be 'new'."
    )
