#| kata: websockets.relay
#| refused_by: test_nothing_goes_round
# Tells nobody.
import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import RedisDsn, TypeAdapter
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.asyncio import Redis

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

    def publish(self, depot: str, text: str) -> None:
        """Let a message wait for each screen of a depot, at every worker."""
        super().publish(depot, text)

    async def send(self) -> None:
        """Tell the others, one message after the other."""

    async def hear(self, pause: float = 1) -> None:
        """Publish here what the others tell; ask Redis again whenever it was gone."""
        async with self._redis.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            async for message in pubsub.listen():
                if message["type"] == "message":
                    depot, text = json.loads(message["data"])
                    self.publish(depot, text)


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
