"""Where Waybill may send something because a stranger says so."""

import httpx
import pytest

from waybill.outgoing import UnsafeTargetError, check_target, deliver

PUBLIC = "93.184.215.14"


# needs: security_review.target
@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("http://hooks.example/", [PUBLIC]),
        ("https://hooks.example:8443/", [PUBLIC]),
        ("https://lena@hooks.example/", [PUBLIC]),
        ("https://[::1/", [PUBLIC]),
        ("https://hooks.example/", []),
        ("https://hooks.example/", [PUBLIC, "10.0.0.5"]),
        ("https://hooks.example/", ["169.254.169.254"]),
        ("https://hooks.example/", ["64:ff9b::7f00:1"]),
        ("https://hooks.example/", ["::ffff:127.0.0.1"]),
    ],
)
async def test_a_url_that_leads_inside_is_refused(
    url: str, addresses: list[str]
) -> None:
    async def resolve(_name: str) -> list[str]:
        return addresses

    with pytest.raises(UnsafeTargetError):
        await check_target(url, resolve)


async def test_a_url_leads_to_the_address_that_was_looked_at() -> None:
    async def resolve(name: str) -> list[str]:
        assert name == "hooks.example"
        return [PUBLIC]

    target = await check_target("https://hooks.example/parcels", resolve)
    assert target.address == PUBLIC


# needs: security_review.target security_review.deliver
async def test_only_that_address_is_asked() -> None:
    asked: list[httpx.Request] = []

    async def resolve(_name: str) -> list[str]:
        return [PUBLIC]

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(307, headers={"Location": "https://10.0.0.5/"})

    target = await check_target("https://hooks.example/parcels", resolve)
    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, follow_redirects=True) as client:
        assert await deliver(client, target, b"7", {}) == 307
    assert [request.url.host for request in asked] == [PUBLIC]
    assert asked[0].headers["Host"] == "hooks.example"
    assert asked[0].extensions["sni_hostname"] == "hooks.example"
