"""How often one caller may ask."""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from itertools import islice
from math import ceil
from typing import Protocol

from fastapi import status
from fastapi.requests import HTTPConnection
from fastapi.security.utils import get_authorization_scheme_param
from jwt import InvalidTokenError
from pydantic import PositiveFloat, PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from waybill.problems import problem
from waybill.tokens import read_token

# kata: rate_limiting.fixed_window
Clock = Callable[[], float]
"""Returns seconds; they only ever grow."""


@dataclass(frozen=True)
class Limit:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


@dataclass(frozen=True)
class Hit:
    """What became of one request; both times are in seconds from now."""

    allowed: bool
    remaining: int
    wait: float
    """Until the next one is allowed; 0 if it is."""
    reset: float
    """Until all of them are there again."""


class Limiter(Protocol):
    """Something that counts requests."""

    limit: Limit

    async def hit(self, key: str) -> Hit:
        """Count a request of one caller, and tell whether it is allowed."""


class FixedWindow:
    """Count from zero in each window; around its edge twice as many pass."""

    def __init__(self, limit: Limit, clock: Clock = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._window = 0
        self._counts: Counter[str] = Counter()

    async def hit(self, key: str) -> Hit:
        """Count a request in the window that it falls into."""
        now = self._clock()
        window = int(now // self.limit.seconds)
        if window != self._window:
            self._window = window
            self._counts.clear()
        allowed = self._counts[key] < self.limit.requests
        if allowed:
            self._counts[key] += 1
        remaining = self.limit.requests - self._counts[key]
        reset = (window + 1) * self.limit.seconds - now
        return Hit(allowed, remaining, 0 if remaining else reset, reset)


# kata: rate_limiting.token_bucket
def describe(limit: Limit, allowed: bool, tokens: float) -> Hit:
    """Put what a bucket holds after a request into words for a client."""
    rate = limit.requests / limit.seconds
    wait = max(0, 1 - tokens) / rate
    return Hit(allowed, int(tokens), wait, (limit.requests - tokens) / rate)


class TokenBucket:
    """Each caller has a bucket of tokens that fills evenly; a request takes one."""

    def __init__(self, limit: Limit, clock: Clock = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        # of each caller: how many tokens, and when

    @property
    def callers(self) -> int:
        """How many callers are remembered."""
        return len(self._buckets)

    async def hit(self, key: str) -> Hit:
        """Take a token from a caller's bucket, if there is one."""
        now = self._clock()
        tokens = self._tokens(key, now)
        allowed = tokens >= 1
        if allowed:
            tokens -= 1
        self._buckets[key] = tokens, now
        self._buckets.move_to_end(key)
        self._forget_idle(now)
        return describe(self.limit, allowed, tokens)

    def _tokens(self, key: str, now: float) -> float:
        """Return what a bucket holds by now; one never used is full."""
        full = self.limit.requests
        tokens, at = self._buckets.get(key, (full, now))
        return min(full, tokens + (now - at) * full / self.limit.seconds)

    def _forget_idle(self, now: float) -> None:
        """Forget up to two callers who last asked `seconds` ago; they stand first."""
        for longest_idle in list(islice(self._buckets, 2)):
            _tokens, at = self._buckets[longest_idle]
            if now - at < self.limit.seconds:
                return
            del self._buckets[longest_idle]


# kata: rate_limiting.caller
def caller(connection: HTTPConnection, key: SecretStr) -> str:
    """Return who is counted: an account that proves itself, else an address."""
    scheme, token = get_authorization_scheme_param(
        connection.headers.get("Authorization")
    )
    if scheme.lower() == "bearer":
        with suppress(InvalidTokenError):
            return f"account {read_token(token, key)}"
    return address_of(connection)


def address_of(connection: HTTPConnection) -> str:
    """Return where a request comes from: an IPv4 address, 64 bits of an IPv6 one."""
    host = connection.client.host if connection.client else "unknown"
    try:
        address = ip_address(host)
    except ValueError:  # not every server has one
        return f"address {host}"
    if isinstance(address, IPv6Address):
        network = IPv6Network((address, 64), strict=False)
        return f"address {address.ipv4_mapped or network}"
    return f"address {address}"


# kata: rate_limiting.middleware
def limit_headers(limit: Limit, hit: Hit) -> dict[str, str]:
    """Say how much is left, as the IETF's RateLimit fields draft spells it."""
    headers = {
        "RateLimit-Policy": f'"default";q={limit.requests};w={ceil(limit.seconds)}',
        "RateLimit": f'"default";r={hit.remaining};t={ceil(hit.reset)}',
    }
    if not hit.allowed:
        headers["Retry-After"] = str(max(1, ceil(hit.wait)))
    return headers


class LimitMiddleware:
    """Stands around the app: counts each request before anything else sees it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request with 429, or pass it on and say how much is left."""
        if scope["type"] != "http" or scope["path"] == "/health":
            await self.app(scope, receive, send)
            return
        state = scope["app"].state
        limiter: Limiter = state.limiter
        who = caller(HTTPConnection(scope), state.settings.secret_key)
        hit = await limiter.hit(who)
        headers = limit_headers(limiter.limit, hit)
        if not hit.allowed:
            refusal = problem(
                status.HTTP_429_TOO_MANY_REQUESTS,
                "Too many requests. Wait, then ask again.",
                headers,
            )
            await refusal(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name, value in headers.items():
                    sent.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class LimitSettings(BaseSettings):
    """How often one caller may ask; variables such as WAYBILL_LIMIT_REQUESTS."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    limit_requests: PositiveInt = 100
    limit_seconds: PositiveFloat = 60
    sign_in_requests: PositiveInt = 10
    sign_in_seconds: PositiveFloat = 300
