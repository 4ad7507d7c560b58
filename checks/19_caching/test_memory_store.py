"""Checks of caching.memory_store: texts are kept for a while, and not too many."""

import gc
import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from waybill.cache import MemoryStore


class Clock(Protocol):
    """A clock that can be moved."""

    now: float

    def __call__(self) -> float:
        """Return the seconds that it shows."""


class Text(str):
    """A text that tells when nobody has it any more."""


def texts_of(words: Iterable[str]) -> tuple[list[str], "list[weakref.ref[Text]]"]:
    """Return texts, and what tells whether somebody still has them."""
    texts = [Text(word) for word in words]
    return [*texts], [weakref.ref(text) for text in texts]


def alive(noted: "list[weakref.ref[Text]]") -> int:
    """Return how many texts somebody still has."""
    gc.collect()
    return sum(one() is not None for one in noted)


async def found(store: "MemoryStore", *keys: str) -> list[str]:
    """Return those of these keys that are kept."""
    return [key for key in keys if await store.get(key) is not None]


# - What was put is there for less than `seconds`.
@pytest.mark.parametrize("seconds", [60, 0.5, 7.25])
async def test_a_text_lives_for_seconds(clock: Clock, seconds: float) -> None:
    """A text is there for less than `seconds`; after `seconds` it is gone."""
    from waybill.cache import MemoryStore

    store = MemoryStore(seconds, 1000, clock)
    await store.put("track:WB7", '{"a": 1}')
    clock.now += seconds / 2
    await store.put("track:WB8", "")
    for passed, key, expected in (
        (0.5, "track:WB7", '{"a": 1}'),
        (0.984375, "track:WB7", '{"a": 1}'),
        (0.984375, "track:WB8", ""),
        (1, "track:WB7", None),
        (1.484375, "track:WB8", ""),
        (1.5, "track:WB8", None),
        (9, "track:WB7", None),
    ):
        clock.now = 5000 + passed * seconds
        text = await store.get(key)
        assert text == expected, (
            f"With {seconds} seconds: WB7 was put at 0 and WB8 at {seconds / 2}. At "
            f"{passed * seconds}, get({key!r}) returned {text!r} instead of "
            f"{expected!r}. Each text counts its own time, from the moment it was put."
        )
    missing = await store.get("track:WB9")
    assert missing is None, f"Nobody put track:WB9, and get returned {missing!r}."


async def test_stores_share_nothing(clock: Clock) -> None:
    """What one store keeps, another one doesn't have."""
    from waybill.cache import MemoryStore

    one, other = MemoryStore(60, 10, clock), MemoryStore(60, 10, clock)
    await one.put("track:WB7", "one")
    text = await other.get("track:WB7")
    assert text is None, f"A text was put into one store, and another has it: {text!r}."


# - Reading a text doesn't prolong its time, and putting it again begins a new one.
async def test_reading_prolongs_nothing(clock: Clock) -> None:
    """Reading a text doesn't prolong its time."""
    from waybill.cache import MemoryStore

    store = MemoryStore(60, 1000, clock)
    await store.put("track:WB7", "old")
    for second in range(10, 60, 10):
        clock.now = 5000.0 + second
        await store.get("track:WB7")
    clock.now = 5060.0
    text = await store.get("track:WB7")
    assert text is None, (
        "A text was put at 0 and read every ten seconds. It lives for 60, and at 60 "
        "it was still there: what is popular would never be renewed."
    )


@pytest.mark.parametrize("again", ["new", "old"])
async def test_putting_again_begins_anew(clock: Clock, again: str) -> None:
    """Putting a text again replaces it, and its time begins anew."""
    from waybill.cache import MemoryStore

    store = MemoryStore(60, 1000, clock)
    await store.put("track:WB7", "old")
    clock.now += 45
    await store.put("track:WB7", again)
    clock.now += 45
    text = await store.get("track:WB7")
    assert text == again, (
        f"'old' was put at 0, and {again!r} under the same key at 45. At 90, get "
        f"returned {text!r} instead of {again!r}, which lives until 105."
    )


# - At most `most` texts are kept.
@pytest.mark.parametrize("most", [1, 3, 50])
async def test_at_most_so_many_are_kept(clock: Clock, most: int) -> None:
    """At most `most` texts are kept, however many are put."""
    from waybill.cache import MemoryStore

    store = MemoryStore(60, most, clock)
    texts, noted = texts_of(f"text {number}" for number in range(200))
    for number in range(200):
        await store.put(f"track:WB{number}", texts[number])
    texts.clear()
    kept = alive(noted)
    assert kept == most, (
        f"200 texts were put into a store for {most}, and it still holds {kept}. "
        "Whoever asks for a million codes must not fill your memory."
    )
    last = await store.get("track:WB199")
    assert last == "text 199", f"The last text that was put is gone: {last!r}."


async def test_the_longest_unused_goes(clock: Clock) -> None:
    """The one goes that was neither read nor put for the longest time."""
    from waybill.cache import MemoryStore

    keys = ("a", "b", "c", "d", "e")
    for used, gone in (("get a", "b"), ("put a", "b"), ("", "a"), ("get c", "a")):
        store = MemoryStore(60, 3, clock)
        for key in ("a", "b", "c"):
            await store.put(key, f"text {key}")
            clock.now += 1
        if used.startswith("get"):
            await store.get(used[-1])
        elif used:
            await store.put(used[-1], "again")
        await store.put("d", "text d")
        kept = await found(store, *keys)
        expected = [key for key in ("a", "b", "c", "d") if key != gone]
        assert kept == expected, (
            "A store for 3: put a, b and c"
            f"{', then ' if used else ''}{used}, then put d. Kept is {kept}; it "
            f"should be {expected}. Reading counts as use, and so does putting again."
        )


async def test_putting_again_pushes_nobody_out(clock: Clock) -> None:
    """A full store loses nothing when a text that is there is put again."""
    from waybill.cache import MemoryStore

    store = MemoryStore(60, 3, clock)
    for key in ("a", "b", "c", "b", "b"):
        await store.put(key, key)
    kept = await found(store, "a", "b", "c")
    assert kept == ["a", "b", "c"], (
        f"A store for 3: put a, b, c, and b twice again. Kept is {kept}."
    )


# - What is too old to be read is removed by `get`.
async def test_what_is_too_old_is_removed(clock: Clock) -> None:
    """What is too old to be read is removed by `get`."""
    from waybill.cache import MemoryStore

    store = MemoryStore(60, 1000, clock)
    texts, noted = texts_of(["old"])
    await store.put("track:WB7", texts[0])
    texts.clear()
    clock.now += 61
    await store.get("track:WB7")
    assert alive(noted) == 0, (
        "A text was too old, `get` returned None, and the store still holds it."
    )


# - `drop` forgets one key, whether it is there or not.
async def test_drop_forgets_one(clock: Clock) -> None:
    """`drop` forgets one key, whether it is there or not."""
    from waybill.cache import MemoryStore

    store = MemoryStore(60, 1000, clock)
    for key in ("track:WB7", "track:WB70", "track:WB8"):
        await store.put(key, key)
    for key in ("track:WB7", "track:WB7", "track:WB9", "track:"):
        await store.drop(key)
    kept = await found(store, "track:WB7", "track:WB70", "track:WB8")
    assert kept == ["track:WB70", "track:WB8"], (
        f"WB7, WB70 and WB8 were put, and WB7 was dropped. Kept is {kept}."
    )
    await store.put("track:WB7", "new")
    text = await store.get("track:WB7")
    assert text == "new", f"Dropped and put again, WB7 is {text!r} instead of 'new'."
