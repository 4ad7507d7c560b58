"""Checks of websockets.relay: what one worker publishes, the others show as well."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from waybill.hub import Screen
    from waybill.relay import SharedHub

MOST_MESSAGES = 50
"""What a worker sends in a check; one that sends more goes round in circles."""
Patiently = Callable[[], AbstractContextManager[Any]]
Until = Callable[[Callable[[], bool | Awaitable[bool]]], Awaitable[None]]


class Worker:
    """A hub with its tasks, and two screens."""

    def __init__(self, hub: "SharedHub", redis: "Redis") -> None:
        self.hub, self.redis = hub, redis
        self.tasks = [
            asyncio.create_task(hub.send()),
            asyncio.create_task(hub.hear(pause=0.01)),
        ]
        self.joined = [hub.join(depot, 7) for depot in ("HAM", "BER")]
        self.ham, self.ber = (one.__enter__() for one in self.joined)

    async def stop(self) -> None:
        """End its tasks, and close its connection."""
        for task in self.tasks:
            task.cancel()
        await asyncio.wait(self.tasks)
        for one in self.joined:
            one.__exit__(None, None, None)
        await self.redis.aclose()


def shown(screen: "Screen") -> list[str]:
    """Take what waits for a screen."""
    came: list[Any] = []
    while not screen.waiting.empty():
        came.append(screen.waiting.get_nowait())
    return came


@pytest.fixture
async def start(
    url: str, redis: "Redis", until: Until, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[[], Awaitable[Worker]]]:
    """Return a function that starts a worker, and waits until it listens."""
    from redis.asyncio import Redis

    from waybill.relay import CHANNEL, SharedHub

    workers: list[Worker] = []

    async def listeners() -> bool:
        ((_, count),) = await redis.pubsub_numsub(CHANNEL)
        done = any(task.done() for one in workers for task in one.tasks[1:])
        return bool(count >= len(workers)) or done

    async def start() -> Worker:
        client = Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        real, left = client.publish, iter(range(MOST_MESSAGES))

        async def publish(*values: Any) -> Any:  # noqa: ANN401
            if next(left, None) is None:
                raise RuntimeError("What was heard was sent again, without an end.")
            return await real(*values)

        monkeypatch.setattr(client, "publish", publish)
        workers.append(Worker(SharedHub(client), client))
        await until(listeners)
        return workers[-1]

    async def subscribed() -> set[str]:
        return {str(one["id"]) for one in await redis.client_list(_type="pubsub")}

    async def cut_off() -> None:
        before = await subscribed()
        await redis.client_kill_filter(_type="pubsub")

        async def back() -> bool:
            done = any(task.done() for one in workers for task in one.tasks[1:])
            return done or len(await subscribed() - before) >= len(workers)

        await until(back)

    start.cut_off = cut_off  # type: ignore[attr-defined]
    yield start
    for worker in workers:
        await worker.stop()


def why(*workers: Worker) -> str:
    """Say which task has ended, if one has."""
    for worker in workers:
        for name, task in zip(("send", "hear"), worker.tasks, strict=True):
            if task.done() and not task.cancelled():
                return f"`{name}` has ended: {task.exception()!r}."
    return ""


# - What a hub hears, it doesn't send again.
async def test_nothing_goes_round(
    start: Callable[[], Awaitable[Worker]], redis: "Redis", until: Until
) -> None:
    """What a hub publishes passes through Redis once."""
    from waybill.relay import CHANNEL

    one, two = await start(), await start()
    async with redis.pubsub(ignore_subscribe_messages=True) as listening:
        await listening.subscribe(CHANNEL)
        while await listening.get_message(timeout=0.05):
            pass
        one.hub.publish("HAM", "a text")
        await until(lambda: two.ham.waiting.qsize() > 0)
        await asyncio.sleep(0.05)
        count = 0
        while await listening.get_message(timeout=0.05):
            count += 1
            if count > 20:
                break
    assert count > 0, (
        "A text was published, and none reached Redis. `publish` lets it wait in a "
        f"queue, and `send` takes it from there. {why(one, two)}"
    )
    assert count == 1, (
        f"A text was published once, and passed through Redis {count} times. What is "
        f"heard is published here only: super().publish. {why(one, two)}"
    )


# - What one hub publishes reaches its own screens at once, and those of the same depot
# at every other hub, once each.
async def test_all_workers_show_it(
    start: Callable[[], Awaitable[Worker]], until: Until
) -> None:
    """What one hub publishes is shown by all, at that depot, once and in order."""
    one, two, three = await start(), await start(), await start()
    texts = ["first", "Łódź €", '{"type":"scan"}']
    for text in texts:
        one.hub.publish("HAM", text)
    assert shown(one.ham) == texts, "Its own screen wasn't told at once."
    two.hub.publish("BER", "from two")
    await until(lambda: two.ham.waiting.qsize() > 2 and three.ham.waiting.qsize() > 2)
    await until(lambda: all(x.ber.waiting.qsize() > 0 for x in (one, two, three)))
    await asyncio.sleep(0.02)
    found = [shown(x) for x in (one.ham, two.ham, three.ham)]
    assert found == [[], texts, texts], (
        f"Worker 1 published {texts} for HAM, and its own screen had shown them. Then "
        f"the three workers' screens were told {found}. Each text once, and none again "
        "at worker 1, was expected. No two hubs have one name, even in one process. "
        f"{why(one, two, three)}"
    )
    found = [shown(x.ber) for x in (one, two, three)]
    told = f"Worker 2 published a text for BER. The three screens were told {found}."
    assert found == [["from two"]] * 3, told


# - `publish` never waits and never raises. At most `MOST_UNSENT` messages wait for
# Redis; what comes on top is shown here only.
async def test_so_many_wait_for_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most `MOST_UNSENT` messages wait, and here everything is shown."""
    from redis.asyncio import Redis

    from waybill.relay import MOST_UNSENT, SharedHub

    came: list[str] = []

    async def publish(_channel: object, text: object) -> int:
        came.append(str(text))
        return 1

    client = Redis()  # it connects when it is first used
    monkeypatch.setattr(client, "publish", publish)
    hub, seen = SharedHub(client), 0
    with hub.join("HAM", 7) as screen:
        for number in range(MOST_UNSENT + 300):
            hub.publish("HAM", f"text {number}")
            seen += len(shown(screen))
    task = asyncio.create_task(hub.send())
    for _ in range(3 * MOST_UNSENT):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert seen == MOST_UNSENT + 300, (
        f"{MOST_UNSENT + 300} texts were published while Redis took none, and its own "
        f"screen was told {seen} of them."
    )
    assert len(came) == MOST_UNSENT, (
        f"{MOST_UNSENT + 300} texts were published before any was sent; {len(came)} "
        f"reached Redis. MOST_UNSENT is {MOST_UNSENT}: without it they fill the memory."
    )


# - While Redis is gone, each hub goes on for its own screens. When Redis is back,
# `send` and `hear` work again, within `pause` seconds.
async def test_redis_comes_back(
    start: Callable[[], Awaitable[Worker]],
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When Redis was gone, `send` and `hear` work again; own screens never stop."""
    from redis.exceptions import ConnectionError as NoConnectionError
    from redis.exceptions import TimeoutError as TooSlowError

    one, two = await start(), await start()
    real = one.redis.publish
    errors = [NoConnectionError("Redis is gone"), TooSlowError("Redis is slow")]

    async def gone(*values: Any) -> Any:  # noqa: ANN401
        if errors:
            raise errors.pop(0)
        return await real(*values)

    monkeypatch.setattr(one.redis, "publish", gone)
    for number in range(2):
        one.hub.publish("HAM", f"lost {number}")
    await until(lambda: not errors or one.tasks[0].done())
    assert shown(one.ham) == ["lost 0", "lost 1"], "Its own screen wasn't told."
    for _ in range(2):
        await start.cut_off()  # type: ignore[attr-defined]
    one.hub.publish("HAM", "again")
    await until(lambda: "again" in [*two.ham.waiting._queue] or bool(why(one, two)))  # type: ignore[attr-defined]
    found = shown(two.ham)
    assert found[-1:] == ["again"], (
        "Redis was gone for two messages and came back, and both workers were cut off "
        f"twice. What worker 1 then published, worker 2 didn't show: {found}. "
        f"{why(one, two)}"
    )


# - While Redis is gone, each hub goes on for its own screens. When Redis is back,
# `send` and `hear` work again, within `pause` seconds.
async def test_many_wait_when_it_comes_back(
    until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When Redis was gone while as many waited as may, `send` works again."""
    from redis.asyncio import Redis
    from redis.exceptions import ConnectionError as NoConnectionError

    from waybill.relay import MOST_UNSENT, SharedHub

    came: list[str] = []
    client = Redis()  # it connects when it is first used
    hub = SharedHub(client)

    async def publish(_channel: object, text: object) -> int:
        if not came:
            came.append("lost")
            hub.publish("HAM", "what comes meanwhile")
            raise NoConnectionError("Redis is gone")
        came.append(str(text))
        return 1

    monkeypatch.setattr(client, "publish", publish)
    for number in range(MOST_UNSENT):
        hub.publish("HAM", f"text {number}")
    task = asyncio.create_task(hub.send())
    await until(lambda: len(came) > MOST_UNSENT or task.done())
    task.cancel()
    await asyncio.wait([task])
    assert len(came) > MOST_UNSENT, (
        f"{MOST_UNSENT} messages waited, Redis was gone for one, and another came. It "
        f"was back, and {len(came) - 1} reached it: {MOST_UNSENT} should. Only `send` "
        "makes room in the queue, so it can't wait for room."
    )


# - A message that makes no sense ends nothing.
async def test_nonsense_ends_nothing(
    start: Callable[[], Awaitable[Worker]], redis: "Redis", until: Until
) -> None:
    """What makes no sense is shown nowhere, and ends nothing."""
    from waybill.relay import CHANNEL

    one, two = await start(), await start()
    nonsense = ["{", "", "7", "null", "[]", '["x"]', "\xff\ufeff", '"HAM"', "[1, 2, 3]"]
    nonsense += ['["x", "HAM"]', '["x", "HAM", 7]', '["x", {}, "y"]', '{"depot": 7}']
    nonsense += [json.dumps(["x", "HAM", None]), json.dumps([["x"], "HAM", {}])]
    for text in nonsense:
        await redis.publish(CHANNEL, text)
    one.hub.publish("HAM", "a text")
    await until(lambda: two.ham.waiting.qsize() > 0)
    await asyncio.sleep(0.02)
    found = shown(two.ham)
    odd = [text for text in found if not isinstance(text, str)]
    assert not odd, f"{odd[0]!r} was heard, and waits for a screen that shows texts."
    assert found[-1:] == ["a text"], (
        f"After {nonsense}, worker 1 published a text, and worker 2 showed {found}. "
        f"{why(one, two)}"
    )
