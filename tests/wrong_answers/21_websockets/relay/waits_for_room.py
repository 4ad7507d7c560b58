#| kata: websockets.relay
#| refused_by: test_many_wait_when_it_comes_back
# Puts what Redis didn't take back into a queue that may be full.
import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from fastapi import FastAPI
from pydantic import RedisDsn, TypeAdapter, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.asyncio import Redis
from redis.exceptions import RedisError

from waybill.hub import Hub

CHANNEL = "waybill:live"
MOST_UNSENT = 1_000
"""How many messages may wait for Redis."""
TOLD: TypeAdapter[tuple[str, str, str]] = TypeAdapter(tuple[str, str, str])
"""Which hub it comes from, for which depot, and what."""
log = logging.getLogger("waybill.live")


class SharedHub(Hub):
    """A hub that tells the hubs of other workers what it publishes, and hears them."""

    def __init__(self, redis: Redis) -> None:
        super().__init__()
        self._redis = redis
        self._name = uuid4().hex
        self._unsent: asyncio.Queue[str] = asyncio.Queue(MOST_UNSENT)

    def publish(self, depot: str, text: str) -> None:
        """Let a message wait for each screen of a depot, at every worker."""
        super().publish(depot, text)
        told = json.dumps([self._name, depot, text])
        with suppress(asyncio.QueueFull):
            self._unsent.put_nowait(told)

    async def send(self) -> None:
        """Tell the others, one message after the other."""
        while True:
            told = await self._unsent.get()
            try:
                await self._redis.publish(CHANNEL, told)
            except RedisError as error:
                log.warning("Not told: %s", type(error).__name__)
                await self._unsent.put(told)

    async def hear(self, pause: float = 1) -> None:
        """Publish here what the others tell; ask Redis again whenever it was gone."""
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    async for message in pubsub.listen():
                        if message["type"] == "message":
                            self._heard(message["data"])
            except RedisError as error:
                log.warning("Not heard: %s", type(error).__name__)
            await asyncio.sleep(pause)

    def _heard(self, data: bytes) -> None:
        try:
            name, depot, text = TOLD.validate_json(data)
        except ValidationError:
            log.warning("A message made no sense.")
            return
        if name != self._name:
            super().publish(depot, text)


class RelaySettings(BaseSettings):
    """Where the workers tell each other, if they do; WAYBILL_REDIS_URL."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    redis_url: RedisDsn | None = None


@asynccontextmanager
async def share_hub(app: FastAPI) -> AsyncIterator[None]:
    """Let an app's hub talk to those of its other workers, if there is a Redis."""
    url = RelaySettings().redis_url
    if url is None:
        yield
        return
    async with Redis.from_url(
        str(url), socket_timeout=1, socket_connect_timeout=1
    ) as redis:
        app.state.hub = hub = SharedHub(redis)
        tasks = [asyncio.create_task(work) for work in (hub.send(), hub.hear())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
