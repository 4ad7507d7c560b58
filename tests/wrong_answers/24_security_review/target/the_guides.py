#| kata: security_review.target
#| refused_by: test_what_is_not_public
# The widely copied check of names.
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

import httpx

Resolve = Callable[[str], Awaitable[list[str]]]
"""Returns the addresses of a name, as a resolver has them; OSError if it has none."""
PUBLIC_V6 = ip_network("2000::/3")
WRAPPING_V6 = ip_network("2002::/16")
"""Addresses that each hold one of the older kind."""


class UnsafeTargetError(ValueError):
    """Waybill must not send anything there."""


@dataclass(frozen=True)
class Target:
    """Where to send: the URL, and the only address to connect to."""

    url: httpx.URL
    address: str


def is_public(text: str) -> bool:
    """Tell whether an address belongs to the internet, and to nobody's own network."""
    return not ip_address(text).is_private


async def check_target(text: str, resolve: Resolve) -> Target:
    """Return where a URL leads, if a stranger may let Waybill send there."""
    url = httpx.URL(text)
    if url.host in ("localhost", "127.0.0.1") or url.scheme == "http":
        raise UnsafeTargetError(f"{url.host} is forbidden.")
    addresses = await resolve(url.host)
    return Target(url, addresses[0])
