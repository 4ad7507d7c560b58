"""Where Waybill may send something because a stranger says so."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network

import httpx

# kata: security_review.target
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
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return True
    return address in PUBLIC_V6 and address not in WRAPPING_V6


async def check_target(text: str, resolve: Resolve) -> Target:
    """Return where a URL leads, if a stranger may let Waybill send there."""
    refusal = UnsafeTargetError("Waybill can't send to this URL.")
    try:
        url = httpx.URL(text)
        addresses = await resolve(url.raw_host.decode())
    except (httpx.InvalidURL, OSError):
        raise refusal from None
    if url.scheme != "https" or url.port is not None or url.userinfo:
        raise refusal
    if not addresses or not all(map(is_public, addresses)):
        raise refusal
    return Target(url, addresses[0])


# kata: security_review.deliver
SECONDS = 10.0
"""How long a delivery may take, whatever the other side does."""


async def post_to(
    client: httpx.AsyncClient, target: Target, body: bytes, headers: Mapping[str, str]
) -> int:
    """Send a body to a target that was checked; return the status of the answer."""
    name = target.url.raw_host.decode()
    request = client.build_request(
        "POST",
        target.url.copy_with(host=target.address),
        content=body,
        headers={**headers, "Host": name},
        extensions={"sni_hostname": name},
    )
    async with asyncio.timeout(SECONDS):
        answer = await client.send(request, stream=True, follow_redirects=False)
        await answer.aclose()
    return answer.status_code
