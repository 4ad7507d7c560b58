#| kata: rate_limiting.token_bucket
#| refused_by: test_it_never_overflows
# The cap is on what comes in, by whole tokens: a part of one lies on top.
from collections import OrderedDict
from itertools import islice


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
        self._forget_idle(now)
        tokens = self._tokens(key, now)
        allowed = tokens >= 1
        if allowed:
            tokens -= 1
        self._buckets[key] = tokens, now
        self._buckets.move_to_end(key)
        return describe(self.limit, allowed, tokens)

    def _tokens(self, key: str, now: float) -> float:
        """Return what a bucket holds by now; one never used is full."""
        if key not in self._buckets:
            return self.limit.requests
        tokens, at = self._buckets[key]
        gained = (now - at) * self.limit.requests / self.limit.seconds
        return tokens + min(self.limit.requests - int(tokens), gained)

    def _forget_idle(self, now: float) -> None:
        """Forget up to two callers who last asked `seconds` ago; they stand first."""
        for longest_idle in list(islice(self._buckets, 2)):
            _tokens, at = self._buckets[longest_idle]
            if now - at < self.limit.seconds:
                return
            del self._buckets[longest_idle]
