"""Checks of security_review.target: a URL of a stranger leads to the internet only."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

PUBLIC, PUBLIC_6 = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
ADVICE = (
    "The rule of the task decides: `is_global`, not `is_multicast`, and of IPv6 only "
    "what lies in PUBLIC_V6 and not in WRAPPING_V6."
)


class Resolver:
    """Plays the resolver: returns what it was given, and notes what it was asked."""

    def __init__(self, *addresses: str, error: Exception | None = None) -> None:
        self.addresses = [*addresses]
        self.error = error
        self.asked: list[str] = []

    async def __call__(self, name: str) -> list[str]:
        """Return the addresses of a name; a second time, those of a rebinding."""
        self.asked.append(name)
        if self.error:
            raise self.error
        return [*self.addresses] if len(self.asked) == 1 else ["127.0.0.1"]


async def refusal(text: str, resolve: Resolver, why: str) -> str:
    """Want a URL to be refused, and return in which words."""
    from waybill.outgoing import UnsafeTargetError, check_target

    try:
        target = await check_target(text, resolve)
    except UnsafeTargetError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the wrong one
        kind = type(error).__name__
        pytest.fail(
            f"{text!r} ended with {kind}: {error}. {why} Raise UnsafeTargetError, so "
            "that a route can answer 422 instead of 500."
        )
    pytest.fail(f"{text!r} was accepted, with {target.address!r}. {why}")


# - `is_public` wants `is_global`, no multicast, and of IPv6 what lies in `PUBLIC_V6`
# and not in `WRAPPING_V6`.
PRIVATE = (
    *("127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255"),  # noqa: S104  # it is refused
    *("224.0.1.1", "239.1.2.3", "198.18.0.1", "240.0.0.1", "192.0.2.1"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::5", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::", "fec0::1"),
    *("2001:0:7f00:1::", "2001:db8::1", "ff0e::1", "64:ff9b:1::1"),
)


def test_what_is_not_public() -> None:
    """No address of a private network, or that wraps one, is public."""
    from waybill.outgoing import is_public

    for address in PRIVATE:
        answer = is_public(address)
        assert not answer, f"{address!r} counts as public, and isn't. {ADVICE}"


def test_what_is_public() -> None:
    """Addresses of the internet are public, older and newer ones."""
    from waybill.outgoing import is_public

    older, newer = ("8.8.8.8", "1.1.1.1", "172.32.0.1"), ("2a00:1450::68", PUBLIC_6)
    for address in (PUBLIC, *older, *newer):
        answer = is_public(address)
        assert answer, f"{address!r} is public, and doesn't count as such. {ADVICE}"


# - A text that is no address isn't public.
@pytest.mark.parametrize("text", ["", "localhost", "8.8.8", "8.8.8.8/32", "2130706433"])
def test_what_is_no_address(text: str) -> None:
    """A text that is no address is not public, and no error either."""
    from waybill.outgoing import is_public

    answer = is_public(text)
    assert not answer, f"{text!r} is no address, and counts as public."


# - Only `https` passes, on its usual port, without a name or password in front of the
# host. What isn't a URL is refused.
REFUSED = (
    *("http://hooks.example/a", "ftp://hooks.example/a", "//hooks.example/a"),
    *("file:///etc/passwd", "https://hooks.example:8443/", "https://hooks.example:0/"),
    *("https://hooks.example:80/", "https://lena@hooks.example/"),
    *("https://lena:secret@hooks.example/", "https://:pw@hooks.example/", "hello"),
    *(
        "https://[::1/",
        "https://hooks.example:x/",
        "https://a\nb.example/",
        "httpsx://a",
    ),
)


async def test_other_urls_are_refused() -> None:
    """Only https on its own port passes, and without credentials."""
    why = "Look at `url.scheme`, `url.port` and `url.userinfo`."
    for text in REFUSED:
        await refusal(text, Resolver(PUBLIC), why)


@pytest.mark.parametrize(
    "text",
    [
        "https://hooks.example/parcels?id=7",
        "https://hooks.example:443/parcels",
        "HTTPS://Hooks.Example",
        "https://localhost.example/",
        "https://10.example/",
    ],
)
async def test_a_good_url_passes(text: str) -> None:
    """A good URL passes, and the target holds it whole."""
    import httpx

    from waybill.outgoing import Target, check_target

    target = await check_target(text, Resolver(PUBLIC))
    wanted = Target(url=httpx.URL(text), address=PUBLIC)
    assert target == wanted, f"{text!r} led to {target!r} instead of {wanted!r}."


# - `resolve` is asked once, with the URL's `raw_host`, also for a host that looks like
# an address.
HOSTS = {
    "https://hooks.example/a": "hooks.example",
    "https://bücher.example/": "xn--bcher-kva.example",
    "https://2130706433/": "2130706433",
    "https://0x7f000001/": "0x7f000001",
    "https://[2606:2800::1]/": "2606:2800::1",
}


async def test_the_resolver_decides() -> None:
    """The resolver is asked once, whatever a host looks like, and its answer counts."""
    from waybill.outgoing import UnsafeTargetError, check_target

    for text, asked in HOSTS.items():
        resolve = Resolver(PUBLIC_6)
        try:
            await check_target(text, resolve)
        except UnsafeTargetError as error:
            pytest.fail(
                f"{text!r} was refused ({error}), and the resolver had said "
                f"{PUBLIC_6!r}. Only what it says decides, and not how the host looks."
            )
        assert resolve.asked == [asked], (
            f"For {text!r} the resolver was asked {resolve.asked!r} instead of "
            f"[{asked!r}]. `url.raw_host.decode()` is the host as the network knows "
            "it; a second look-up may have another answer."
        )
        why = "The resolver said that it is 127.0.0.1, written in another way."
        await refusal(text, Resolver("127.0.0.1"), why)


# - Every address that comes back has to be public. The first one is that of the target.
async def test_one_private_address_is_enough() -> None:
    """A host with a private address among others is refused."""
    for addresses in (
        ("10.0.0.5",),
        (PUBLIC, "10.0.0.5"),
        ("::1", PUBLIC),
        (PUBLIC_6, PUBLIC, "169.254.169.254"),
        (PUBLIC, "what is this"),
    ):
        why = f"It has the addresses {addresses!r}, and not all of them are public."
        await refusal("https://hooks.example/", Resolver(*addresses), why)


async def test_the_first_address_is_the_target() -> None:
    """The target has the first of the addresses that were looked at."""
    from waybill.outgoing import check_target

    for addresses in ((PUBLIC_6, PUBLIC), (PUBLIC, PUBLIC_6)):
        target = await check_target("https://hooks.example/", Resolver(*addresses))
        assert target.address == addresses[0], (
            f"The addresses were {addresses!r}; the target has {target.address!r}."
        )


# - A host without an address, or for which `resolve` raises an `OSError`, is refused.
@pytest.mark.parametrize("error", [None, OSError("no such name"), TimeoutError()])
async def test_a_host_without_an_address(error: Exception | None) -> None:
    """A host that nobody knows is refused as the others are."""
    why = "The resolver had no address for it."
    await refusal("https://hooks.example/", Resolver(error=error), why)


# - Every refusal is an `UnsafeTargetError` with the same words, so that nobody learns
# which names and addresses your network has.
async def test_all_refusals_read_the_same() -> None:
    """Whatever is refused, the words are the same."""
    why = "This has to be refused."
    cases: dict[str, Callable[[], Resolver]] = {
        "http://hooks.example/": lambda: Resolver(PUBLIC),
        "https://[::1/": lambda: Resolver(PUBLIC),
        "https://db.internal/": lambda: Resolver("10.0.0.5"),
        "https://gone.internal/": lambda: Resolver(error=OSError("no such name")),
        "https://empty.internal/": lambda: Resolver(),
    }
    said = {text: await refusal(text, make(), why) for text, make in cases.items()}
    assert len({*said.values()}) == 1, (
        f"Refusals differ: {said!r}. Whoever reads them can find out what is behind "
        "your firewall. Use one sentence for all."
    )
