"""Checks of caching.redis_store: one store for all workers, which may fail."""

import logging
import os
import pickle
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from waybill.shared_cache import RedisStore

TEXT = '{"tracking_code":"WB7","scans":[{"depot":"BER","kind":"arrived"}],"to":"Zoë"}'
OTHER = '{"tracking_code":"WB7","scans":[]}'
KEY = "track:WB7"
RAN = "WAYBILL_PLANTED"
"""A variable that is set when somebody else's code has run."""


class Planted:
    """What runs code when pickle reads it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (f"import os; os.environ[{RAN!r}] = 'yes'",)


class Lines(logging.Handler):
    """Keeps what a logger wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[str] = []
        self.told = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Note a line, and its level."""
        self.levels.append(record.levelname)
        self.told = f" The log says: {record.getMessage()!r}."


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What the logger `waybill.cache` wrote."""
    handler, logger = Lines(), logging.getLogger("waybill.cache")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


@pytest.fixture
def stores(workers: "list[Redis]") -> "list[RedisStore]":
    """The stores of two workers, which keep texts for an hour."""
    from waybill.shared_cache import RedisStore

    return [RedisStore(redis, 3600) for redis in workers]


async def name_of(redis: "Redis", key: str = KEY) -> str:
    """Return the one name in Redis under which a key is kept."""
    from waybill.shared_cache import PREFIX

    names = sorted(str(name, "utf-8") for name in await redis.keys("*"))
    found = [name for name in names if key in name and name.startswith(PREFIX)]
    assert found == names != [], (
        f"In Redis stand the keys {names}; each begins with PREFIX, {PREFIX!r}, and "
        f"ends with the key, here {key!r}."
    )
    return found[0]


# - What one worker puts, all find, for `seconds` and no longer.
async def test_what_one_puts_all_find(stores: "list[RedisStore]", lines: Lines) -> None:
    """What one worker puts, all find; another key isn't concerned."""
    one, other = stores
    await one.put(KEY, TEXT)
    found = [await store.get(KEY) for store in stores]
    assert found == [TEXT] * 2, (
        f"One worker put {TEXT!r}; the two find {found}.{lines.told} (A DataError is "
        "redis-py's: `px` wants a whole number.)"
    )
    missing = [await other.get("track:WB70"), await other.get("track:WB")]
    assert missing == [None, None], f"Nobody put WB70 or WB, and get found {missing}."


@pytest.mark.parametrize("seconds", [3600, 90.5, 0.5])
async def test_redis_forgets_by_itself(
    workers: "list[Redis]", lines: Lines, seconds: float
) -> None:
    """A text expires by itself after `seconds`, fractions included."""
    from waybill.shared_cache import RedisStore

    redis = workers[0]
    await RedisStore(redis, seconds).put(KEY, TEXT)
    assert not lines.levels, (
        f"A text was put for {seconds} seconds, and Redis refused that. It counts "
        "whole milliseconds, and at least one."
    )
    if seconds < 1:  # it may be gone before anybody looks
        return
    left = await redis.pttl(await name_of(redis))
    assert seconds * 1000 - 20_000 < left <= seconds * 1000, (
        f"A text was put for {seconds} seconds, and Redis keeps it for {left} "
        "milliseconds (-1 is for ever). `set` takes `px`."
    )


# - After a `drop`, nothing is found.
@pytest.mark.parametrize("there", [True, False])
async def test_after_a_drop_nothing_is_found(
    stores: "list[RedisStore]", lines: Lines, there: bool
) -> None:
    """After a `drop`, nobody finds the text, and other keys stay."""
    if there:
        await stores[0].put(KEY, TEXT)
    await stores[0].put("track:WB70", OTHER)
    await stores[1].drop(KEY)
    found = [await store.get(KEY) for store in stores]
    assert found == [None] * 2, (
        f"WB7 was dropped, and the two workers find {found}. The tombstone takes the "
        "place of what is there, so it is set without `nx`."
    )
    assert not lines.levels, f"Nothing failed, and the log warns.{lines.told}"
    kept = await stores[1].get("track:WB70")
    assert kept == OTHER, f"WB7 was dropped, and of WB70 {kept!r} is left."


@pytest.mark.parametrize("there", [True, False])
async def test_a_tombstone_keeps_old_texts_out(
    stores: "list[RedisStore]", workers: "list[Redis]", there: bool
) -> None:
    """For `LONGEST_LOAD` seconds after a drop nothing can be put; then it can."""
    from waybill.shared_cache import LONGEST_LOAD

    if there:
        await stores[0].put(KEY, TEXT)
    await stores[0].drop(KEY)
    for store in stores:
        await store.put(KEY, TEXT)
    found = [await store.get(KEY) for store in stores]
    assert found == [None] * 2, (
        f"WB7 was dropped, {'after it was there' if there else 'and was not there'}. A "
        f"worker who had loaded it before put the old text, and now they find {found}. "
        "Leave a tombstone, and let `put` write only where nothing is."
    )
    left = [await workers[0].pttl(name) for name in await workers[0].keys("*")]
    kept_for = (min(left, default=-1), max(left, default=-1))
    assert 0 < kept_for[0] <= kept_for[1] <= LONGEST_LOAD * 1000, (
        f"After a drop, what is left in Redis expires in {left} milliseconds; a "
        f"tombstone goes after LONGEST_LOAD, {LONGEST_LOAD} seconds. (-1 is for ever.)"
    )
    assert kept_for[1] > LONGEST_LOAD * 1000 - 20_000, (
        f"A tombstone lives for {kept_for[1]} milliseconds, not {LONGEST_LOAD} seconds."
    )
    await workers[0].flushall()  # as if that time were over
    await stores[1].put(KEY, OTHER)
    text = await stores[0].get(KEY)
    assert text == OTHER, (
        f"The tombstone is gone, {OTHER} was put, and found: {text!r}."
    )


async def test_a_second_drop_begins_anew(
    stores: "list[RedisStore]", workers: "list[Redis]"
) -> None:
    """A second drop begins the time of the tombstone anew."""
    await stores[0].drop(KEY)
    name = await name_of(workers[0])
    await workers[0].pexpire(name, 1000)  # as if most of its time were over
    await stores[1].drop(KEY)
    left = await workers[0].pttl(name)
    assert left > 2000, (
        "WB7 was dropped, and again when the tombstone had one second left. Now it has "
        f"{left} milliseconds, and loads that began before the second drop take longer."
    )


# - `put` never replaces what is there.
async def test_put_replaces_nothing(
    stores: "list[RedisStore]", workers: "list[Redis]"
) -> None:
    """`put` never replaces what is there, nor prolongs its time."""
    await stores[0].put(KEY, TEXT)
    name = await name_of(workers[0])
    await workers[0].pexpire(name, 50_000)
    await stores[1].put(KEY, OTHER)
    found, left = await stores[0].get(KEY), await workers[0].pttl(name)
    assert (found, left <= 50_000) == (TEXT, True), (
        f"A text was there for 50 more seconds, and another was put. Found is {found}, "
        f"for {left} milliseconds. `nx=True` writes only where nothing is."
    )


# - While Redis fails, `get` finds nothing, and `put` and `drop` do nothing.
@pytest.mark.parametrize("kind", ["ConnectionError", "TimeoutError", "ResponseError"])
async def test_a_failing_redis_is_an_empty_one(
    stores: "list[RedisStore]", lines: Lines, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """While Redis fails, each call is one warning, and nothing else; then all work."""
    from redis import exceptions
    from redis.asyncio import Redis

    await stores[0].put(KEY, TEXT)

    async def fail(*_sent: object, **_options: object) -> None:
        raise getattr(exceptions, kind)("Redis is not well")

    with monkeypatch.context() as patch:
        patch.setattr(Redis, "execute_command", fail)
        for call in ("get", "put", "drop"):
            lines.levels.clear()
            arguments = (KEY, OTHER) if call == "put" else (KEY,)
            try:
                found = await getattr(stores[0], call)(*arguments)
            except exceptions.RedisError as error:
                raise AssertionError(
                    f"Redis raised {kind}, and so did `{call}`: a request ends with a "
                    "500. `with forgiving():` around what asks Redis takes care of it."
                ) from error
            assert found is None, f"Redis raised {kind}, and {call} returned {found!r}."
            assert lines.levels == ["WARNING"], (
                f"Redis raised {kind} at a `{call}`. The logger waybill.cache wrote "
                f"{lines.levels or 'nothing'}; expected: one warning."
            )
    lines.levels.clear()
    await stores[1].put("track:WB8", OTHER)
    found = [await stores[0].get(KEY), await stores[0].get("track:WB8")]
    assert found == [TEXT, OTHER], f"Redis is back, and {found} was found in it."
    assert not lines.levels, f"Redis is well, and the log has {lines.levels}."


async def test_other_mistakes_go_on(
    stores: "list[RedisStore]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception that isn't Redis's own isn't swallowed."""
    from redis.asyncio import Redis

    async def fail(*_sent: object, **_options: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(Redis, "execute_command", fail)
    with pytest.raises(KeyError):
        await stores[0].get(KEY)


# - What isn't JSON counts as nothing.
@pytest.mark.parametrize("kept", [b"nonsense", b'{"a": 1', b"\xff\xfe", b"cpickle\n."])
async def test_what_is_no_json_is_nothing(
    stores: "list[RedisStore]", workers: "list[Redis]", kept: bytes
) -> None:
    """What isn't JSON counts as nothing."""
    await stores[0].put(KEY, TEXT)
    await workers[0].set(await name_of(workers[0]), kept)
    found: object = "an exception"
    with suppress(ValueError):
        found = await stores[1].get(KEY)
    assert found is None, f"In Redis stood {kept!r}, and get returned {found!r}."


async def test_nobody_elses_code_runs(
    stores: "list[RedisStore]",
    workers: "list[Redis]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What stands in Redis is read and never run."""
    monkeypatch.setenv(RAN, "no")
    await stores[0].put(KEY, TEXT)
    name = await name_of(workers[0])
    await workers[0].set(name, pickle.dumps(Planted()))
    with suppress(Exception):  # what it raises is another check's business
        await stores[0].get(KEY)
    assert os.environ[RAN] == "no", (
        "Somebody wrote into Redis what pickle runs when it reads it, and their code "
        "ran in Waybill. Keep the text itself."
    )
