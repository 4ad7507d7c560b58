#| kata: security_review.deliver
#| refused_by: test_the_body_is_not_read
# Reads the whole answer.
import asyncio
from collections.abc import Mapping

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
        answer = await client.send(request, follow_redirects=False)
        await answer.aclose()
    return answer.status_code
