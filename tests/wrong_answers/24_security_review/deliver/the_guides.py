#| kata: security_review.deliver
#| refused_by: test_the_address_is_connected_to
# Posts to the URL, as guides do.
from collections.abc import Mapping

SECONDS = 10.0
"""How long a delivery may take, whatever the other side does."""


async def post_to(
    client: httpx.AsyncClient, target: Target, body: bytes, headers: Mapping[str, str]
) -> int:
    """Send a body to a target that was checked; return the status of the answer."""
    answer = await client.post(
        target.url, content=body, headers=headers, follow_redirects=True
    )
    return answer.status_code
