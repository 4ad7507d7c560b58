"""The same limit for all workers, and what becomes of it without Redis."""

import os
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisGoneError

from waybill.app import create_app
from waybill.limits import Hit, Limit, TokenBucket
from waybill.settings import Settings
from waybill.shared_limits import Fallback, RedisBucket

URL = os.environ.get("TEST_REDIS_URL", "")


# needs: rate_limiting.redis_bucket
@pytest.mark.skipif(not URL, reason="TEST_REDIS_URL names no Redis")
async def test_workers_take_from_one_bucket() -> None:
    key = f"test {uuid4()}"
    async with Redis.from_url(URL) as one, Redis.from_url(URL) as other:
        workers = [RedisBucket(redis, Limit(2, 3600)) for redis in (one, other)]
        seen = [await worker.hit(key) for worker in (*workers, *workers)]
        await one.delete(f"waybill:limit:{key}")
    assert [hit.allowed for hit in seen] == [True, True, False, False]
    assert 1700 < seen[-1].wait <= 1800


# needs: rate_limiting.token_bucket rate_limiting.fallback
class Gone:
    """A limiter whose server is gone."""

    limit = Limit(2, 3600)

    async def hit(self, key: str) -> Hit:
        """Fail, as a client of Redis does."""
        raise RedisGoneError(key)


async def test_without_redis_a_worker_counts_alone() -> None:
    limiter = Fallback(Gone(), TokenBucket(Limit(2, 3600)))
    seen = [(await limiter.hit("lena")).allowed for _ in range(3)]
    assert seen == [True, True, False]


# needs: database.open_database rate_limiting.share_limit requests.rate_list
# needs: requests.api
async def test_a_redis_that_is_gone_stops_nobody(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYBILL_REDIS_URL", "redis://127.0.0.1:1")
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "1")
    app = create_app(settings)
    transport = ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://waybill") as client,
    ):
        seen = [(await client.get("/v1/rates")).status_code for _ in range(2)]
    assert seen == [200, 429]
