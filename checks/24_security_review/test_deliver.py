"""Checks of security_review.deliver: it goes where the check has looked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager

import anyio
import httpx
import pytest

V4, V6 = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
BODY = b'{"parcel": 7}'
HEADERS = {"Content-Type": "application/json", "Signature": "1772445600.9f86"}
Answer = Callable[[httpx.Request], httpx.Response]


class Side(httpx.AsyncBaseTransport):
    """Plays the other side: notes each request, and answers as it likes."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Note a request, and answer it."""
        self.requests.append(request)
        self.bodies.append(await request.aread())
        return self.answer(request)


class Endless(httpx.AsyncByteStream):
    """A body that never ends; it notes how much was read, and whether it closed."""

    def __init__(self) -> None:
        self.read = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield pieces, and fail when nobody stops."""
        while self.read < 50:
            self.read += 1
            yield b"x" * 65_536
        raise httpx.ReadError("The test has seen enough.")

    async def aclose(self) -> None:
        """Note that somebody has closed it."""
        self.closed = True


async def sent(
    answer: Answer,
    url: str = "https://hooks.example/parcels?id=7",
    address: str = V4,
    headers: Mapping[str, str] = HEADERS,
) -> tuple[int, Side]:
    """Deliver a body with a client that would follow redirects."""
    from waybill.outgoing import Target, post_to

    side = Side(answer)
    async with httpx.AsyncClient(transport=side, follow_redirects=True) as client:
        status = await post_to(client, Target(httpx.URL(url), address), BODY, headers)
    return status, side


def ok(_request: httpx.Request) -> httpx.Response:
    """Answer that all is well."""
    return httpx.Response(204)


# - One POST goes out, with the body and the headers, to `target.address`; the path and
# the query are those of the URL.
@pytest.mark.parametrize("address", [V4, V6], ids=["older", "newer"])
async def test_the_address_is_connected_to(address: str) -> None:
    """The request goes to the address that was checked, and asks nobody again."""
    _, side = await sent(ok, address=address)
    assert len(side.requests) == 1, f"{len(side.requests)} requests went out, not one."
    request = side.requests[0]
    host = request.url.host
    assert host == address, (
        f"Waybill connected to {host!r} instead of {address!r}. A name is looked up "
        "again, and may lead elsewhere now: `url.copy_with(host=…)`."
    )
    asked = f"{request.method} {request.url.raw_path.decode()}"
    assert asked == "POST /parcels?id=7", f"Sent was {asked}."
    came = side.bodies[0]
    assert came == BODY, f"The body was {came!r} instead of {BODY!r}."


async def test_its_headers_are_sent() -> None:
    """The headers are sent, whatever they are."""
    for headers in (HEADERS, {"X-Parcel": "7"}, {}):
        _, side = await sent(ok, headers=headers)
        lost = {
            name: value
            for name, value in headers.items()
            if side.requests[0].headers.get(name) != value
        }
        assert not lost, f"Of the headers, {lost!r} didn't arrive."


# - The other side reads the URL's host in `Host`, and TLS asks for a certificate of
# that name (`sni_hostname`).
@pytest.mark.parametrize("host", ["hooks.example", "bücher.example"])
async def test_the_name_is_still_the_urls(host: str) -> None:
    """The header and the certificate have the name, and not the address."""
    _, side = await sent(ok, url=f"https://{host}/parcels")
    name = httpx.URL(f"https://{host}").raw_host.decode()
    request = side.requests[0]
    shown = [value for key, value in request.headers.multi_items() if key == "host"]
    assert shown == [name], (
        f"The header Host was {shown!r} instead of [{name!r}]. Without it, a server "
        "with many sites doesn't know which of them is meant."
    )
    asked = request.extensions.get("sni_hostname")
    asked = asked.decode() if isinstance(asked, bytes) else asked
    assert asked == name, (
        f"`sni_hostname` was {asked!r} instead of {name!r}. The certificate would be "
        "compared with an address, or not at all."
    )


# - The status is returned, whichever it is. No redirect is followed: nobody has checked
# where it leads.
@pytest.mark.parametrize("status", [200, 202, 404, 410, 500, 503])
async def test_the_status_is_returned(status: int) -> None:
    """The status of the answer is returned, also one of a failure."""
    answer, _ = await sent(lambda _request: httpx.Response(status))
    assert answer == status, f"The answer was a {status}, and returned was {answer!r}."


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status: int) -> None:
    """A redirect is an answer, and leads nowhere."""

    def redirect(request: httpx.Request) -> httpx.Response:
        if request.url.host == "10.0.0.5":
            return httpx.Response(200)
        headers = {"Location": "https://10.0.0.5/admin"}
        return httpx.Response(status, headers=headers)

    answer, side = await sent(redirect)
    met = [request.url.host for request in side.requests]
    assert met == [V4], (
        f"The answer {status} led on, and asked were {met!r}. This client follows "
        "redirects unless `follow_redirects=False` says otherwise."
    )
    assert answer == status, f"Returned was {answer!r} instead of {status}."


# - Nothing of the answer's body is read, and the answer is closed.
async def test_the_body_is_not_read() -> None:
    """An answer without an end costs no memory, and no connection."""
    body = Endless()
    try:
        await sent(lambda _request: httpx.Response(200, stream=body))
    except httpx.ReadError:
        pytest.fail(
            "Of an answer without an end, 3 MB were read, and it would have gone on. "
            "`client.send(request, stream=True)` returns when the headers are there."
        )
    assert body.read == 0, f"{body.read} pieces of the answer's body were read."
    assert body.closed, (
        "The answer wasn't closed, so its connection stays open: await `aclose()`."
    )


# - After `SECONDS` it ends with `TimeoutError`, whatever the other side does.
async def test_it_ends(
    monkeypatch: pytest.MonkeyPatch,
    patiently: Callable[[], AbstractContextManager[anyio.CancelScope]],
) -> None:
    """A server that never answers is given up."""
    from waybill import outgoing

    class Silent(httpx.AsyncBaseTransport):
        async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError

    monkeypatch.setattr(outgoing, "SECONDS", 0.01)
    target = outgoing.Target(httpx.URL("https://hooks.example/"), V4)
    ended = None
    with patiently():
        async with httpx.AsyncClient(transport=Silent()) as client:
            try:
                await outgoing.post_to(client, target, BODY, HEADERS)
            except TimeoutError as error:
                ended = error
    assert ended is not None, (
        "With SECONDS = 0.01 and a server that never answers, `post_to` went on. The "
        "timeouts of httpx count from piece to piece; `asyncio.timeout(SECONDS)` "
        "counts all of it."
    )
