"""Checks of rate_limiting.caller: who is counted."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import jwt
import pytest
from fastapi.requests import HTTPConnection
from pydantic import SecretStr
from starlette.datastructures import Headers

KEY = SecretStr("caller-" * 6)
OTHER_KEY = SecretStr("nobody-" * 6)
NO_CLIENT = "a server that names no client"


def counted(
    host: str | None,
    /,
    *,
    address_only: bool = False,
    method: str = "GET",
    target: str = "/v1/rates/DE",
    port: int = 50123,
    **headers: str,
) -> str:
    """Return the key that a request from an address is counted under."""
    from waybill.limits import address_of, caller

    path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "server": ("waybill", 80),
        "path": path,
        "query_string": query.encode(),
        **{None: {"client": None}, NO_CLIENT: {}}.get(host, {"client": (host, port)}),
        "headers": [
            (name.replace("_", "-").lower().encode(), value.encode())
            for name, value in headers.items()
        ],
    }
    sent = ", ".join(f"{name.replace('_', '-')}: {headers[name]}" for name in headers)
    what = f"A request from {host or 'a Unix socket'}{f' with {sent}' if sent else ''}"
    try:
        connection = Noting(scope)
        key = address_of(connection) if address_only else caller(connection, KEY)
    except (jwt.PyJWTError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise AssertionError(
            f"{what} ended in {type(error).__name__}: {error}. Somebody has to be "
            "counted: by address without a valid token, by the host if that is none."
        ) from error
    assert isinstance(key, str), f"{what} is counted under {key!r}; a key is a str."
    return key


def token(
    account: int, minutes_ago: int = 0, key: SecretStr = KEY, scheme: str = "Bearer"
) -> str:
    """Return an Authorization header with an access token for an account."""
    from waybill.tokens import issue_token

    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return f"{scheme} {issue_token(account, key, at)}"


FORGEABLE = {
    *("x-forwarded-for", "x-real-ip", "forwarded", "client-ip", "true-client-ip"),
    *("cf-connecting-ip", "x-forwarded-host", "host", "via", "origin", "referer"),
    *("user-agent", "cookie", "x-api-key", "x-account", "x-request-id"),
}
"""Headers that somebody has counted callers by."""


class Noting(HTTPConnection):
    """A connection that notes which headers it was asked for."""

    asked: ClassVar[set[str]] = set()

    @property
    def headers(self) -> Headers:
        """Return the headers; each name that is asked for is noted."""
        return NotingHeaders(scope=self.scope)


class NotingHeaders(Headers):
    """Headers that note the names they are asked for."""

    def __getitem__(self, key: str) -> str:
        """Note a name, and look it up; `get` and `in` come here, too."""
        Noting.asked.add(key.lower())
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        """Note a name, and look it up."""
        return self.get(str(key)) is not None


CALLERS = ("203.0.113.7", "2001:db8::1", "testclient", "account 41")


def key_of(who: str, address_only: bool, **request: Any) -> str:  # noqa: ANN401 - what `counted` takes
    """Return the key of one of four callers; the account comes with a token."""
    if who != "account 41":
        return counted(who, address_only=address_only, **request)
    request = {"authorization": token(41), **request}
    return counted("203.0.113.7", address_only=address_only, **request)


# - `address_of` looks at `connection.client` and at nothing else:
@pytest.mark.parametrize("address_only", [False, True])
@pytest.mark.parametrize("who", CALLERS)
def test_no_header_says_where_it_comes_from(who: str, address_only: bool) -> None:
    """No header says where a request comes from: its client's address does."""
    secret = token(42).partition(" ")[2]
    cookie = f"a=1; b=2; token={secret}; access_token={secret}"
    values = ("10.9.8.7", "198.51.100.4", "2001:db8::9", "lena", cookie)
    Noting.asked.clear()
    bare = key_of(who, address_only)
    for header in sorted((FORGEABLE | Noting.asked) - {"authorization"}):
        found = {key_of(who, address_only, **{header: value}) for value in values}
        keys = sorted(key.replace(secret, "(a token)") for key in found)
        assert keys == [bare], (
            f"A bot ({who}) sent five requests, each with another {header}. It was "
            f"counted under {keys}, and without the header under {bare!r}. "
            "Anybody can write a header; where the connection comes from, they can't "
            "choose."
        )


@pytest.mark.parametrize("address_only", [False, True])
@pytest.mark.parametrize("who", CALLERS)
def test_nothing_else_counts(who: str, address_only: bool) -> None:
    """Method, path, query and port make no other caller."""
    bare = key_of(who, address_only)
    requests: list[dict[str, Any]] = [
        {"method": "POST"},
        {"target": "/v1/token"},
        {"target": "/v1/rates/DE?page=2&token=" + token(42).partition(" ")[2]},
        {"target": "/" * 20},
        {"port": 80},
    ]
    if address_only:
        requests.append({"authorization": token(42)})
    for request in requests:
        key = key_of(who, address_only, **request)
        assert key == bare, (
            f"{who} asked for GET /v1/rates/DE and was counted under {bare!r}. With "
            f"{request} it is {key!r}: a bot that varies it is never refused."
        )


def test_addresses_are_counted_apart() -> None:
    """Another address is another caller."""
    hosts = ["203.0.113.7", "203.0.113.8", "203.0.114.7", "2001:db8::1"]
    for only in (False, True):
        keys = {host: counted(host, address_only=only) for host in hosts}
        assert len({*keys.values()}) == 4, f"Four callers are counted as {keys}."


# - `address_of` looks at `connection.client` and at nothing else:
def test_a_host_need_not_be_an_address() -> None:
    """A host that is no address is a caller of its own."""
    hosts = ["testclient", "proxy-2", "proxy:2", "proxy%2", *CALLERS[:2]]
    keys = {host: counted(host) for host in hosts}
    assert len({*keys.values()}) == 6, f"Six callers are counted as {keys}."


# - `caller` counts a request for an account if its header `Authorization` has a token
# that `read_token` accepts, whatever the address is.
def test_an_account_is_counted_wherever_it_is() -> None:
    """A valid token counts for its account, whatever the address and the token."""
    here = counted("203.0.113.7", Authorization=token(41))
    there = counted("198.51.100.4", Authorization=token(41))
    assert here == there, (
        "Account 41 asked from two addresses with a valid token, and was counted under "
        f"{here!r} and {there!r}. Who proves an account is counted as that account."
    )
    later = counted("203.0.113.7", Authorization=token(41, minutes_ago=5))
    assert later == here, (
        f"Account 41 came with another valid token, and counted as {later!r}, not as "
        f"{here!r}. A bot would sign in again for a full bucket."
    )
    for scheme in ("bearer", "BEARER", "bEarer"):
        spelt = counted("203.0.113.7", Authorization=token(41, scheme=scheme))
        assert spelt == here, (
            f"Account 41, with its token as `{scheme} …`, counted as {spelt!r}."
        )
    others = [counted("203.0.113.7", Authorization=token(n)) for n in (42, 1041, 4)]
    keys = [here, *others, counted("203.0.113.7")]
    assert len({*keys}) == 5, f"Accounts 41, 42, 1041, 4 and somebody else are {keys}."


def forged(account: int) -> str:
    """Return a token whose claims are fine, and which nobody signed."""
    end = datetime.now(UTC) + timedelta(minutes=5)
    claims = {"sub": str(account), "type": "access", "exp": end}
    return f"Bearer {jwt.encode(claims, None, algorithm='none')}"


# - For everybody else `caller` is the same as `address_of`.
def test_a_token_that_is_not_valid_counts_for_nothing() -> None:
    """Any other token, and any other scheme, is counted by address."""
    bare = counted("203.0.113.7")
    other = counted("203.0.113.7", address_only=True)
    assert bare == other, f"`caller` says {bare!r}, and `address_of` {other!r}."
    for what, header in (
        ("an expired token", token(41, minutes_ago=600)),
        ("a token signed with another key", token(41, key=OTHER_KEY)),
        ("a token that nobody signed", forged(41)),
        ("no token at all in its header", "Bearer"),
        ("nonsense for a token", "Bearer abc.def.ghi"),
        ("a name and a password", "Basic bGVuYTpwaWdlb24="),
        ("an empty header", ""),
        ("an account's token as Basic", token(41, scheme="Basic")),
        ("an account's token as Bearings", token(41, scheme="Bearings")),
        ("an account's token without a scheme", token(41).partition(" ")[2]),
    ):
        key = counted("203.0.113.7", Authorization=header)
        assert key == bare, (
            f"203.0.113.7 came with {what} and was counted under {key!r}; without it, "
            f"under {bare!r}. Only `Bearer` and a valid token prove an account."
        )


# - `caller` counts a request for an account if its header `Authorization` has a token
# that `read_token` accepts, whatever the address is.
def test_a_token_counts_as_long_as_it_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that has expired meanwhile counts no more."""
    from waybill import limits, tokens

    header = token(41)
    bare, account = counted("203.0.113.7"), counted("203.0.113.7", Authorization=header)

    def expired(*_given: object) -> int:
        raise jwt.ExpiredSignatureError("Signature has expired")

    for module in (limits, tokens):
        monkeypatch.setattr(module, "read_token", expired, raising=False)
    later = counted("203.0.113.7", Authorization=header)
    assert later == bare, (
        f"A token counted for {account!r}. `read_token` refused it later, and it was "
        f"counted under {later!r} instead of {bare!r}. Read it for each request."
    )


HOUSEHOLDS = {
    "2001:db8:1:2::1 2001:db8:1:2::2 2001:db8:1:2:ffff:1:2:3": (
        "2001:db8:1:3::1 2001:db8:9:2::1 2a00:db8:1:2::1"
    ),
    "2001:db8::1 2001:db8::2 2001:DB8:0:0:8000:: 2001:db8::a:b:c:d": (
        "2001:db8:0:1::1 2001:db8:8000::1 2001::1"
    ),
    "2002:cb00:7107::1 2002:cb00:7107::2": "2002:cb00:7107:1::1 203.0.113.7",
    "2001:0:1::1 2001:0:1::3fff:fdd2": "192.0.2.45",
    "fe80::1%eth0 fe80::2%eth0": "fe80:0:0:1::1%eth0",
}
"""Addresses of one household in several spellings, and of others."""


# - Two IPv6 addresses with the same first 64 bits are the same caller; others are not.
def test_a_household_is_one_caller() -> None:
    """IPv6 addresses with the same first 64 bits are one caller; others are not."""
    for same, others in HOUSEHOLDS.items():
        home = {host: counted(host) for host in same.split()}
        assert len({*home.values()}) == 1, (
            f"{', '.join(home)} have the same first 64 bits, and are counted as "
            f"{home}. One household has all of the rest, which is 2**64 buckets."
        )
        for host in others.split():
            key = counted(host)
            assert key not in home.values(), (
                f"{next(iter(home))} and {host} differ in their first 64 bits, and "
                f"both are counted under {key!r}."
            )


# - An IPv4 address inside of an IPv6 one, such as `::ffff:192.0.2.7`, counts as that
# IPv4 address.
def test_an_ipv4_address_inside_is_that_address() -> None:
    """`::ffff:192.0.2.7` is counted as 192.0.2.7."""
    plain = counted("192.0.2.7")
    for spelt in ("::FFFF:c000:207", "0:0:0:0:0:ffff:192.0.2.7", "::ffff:192.0.2.7"):
        inside = counted(spelt)
        assert inside == plain, (
            f"{spelt} is counted under {inside!r}, and 192.0.2.7 under {plain!r}."
        )
    other = counted("::ffff:192.0.2.8")
    assert other != plain, f"192.0.2.7 and ::ffff:192.0.2.8 are both {other!r}."


# - Requests without a client all count as one.
def test_without_a_client_somebody_is_counted() -> None:
    """Without a client, all are counted under one key."""
    key = counted(None)
    for again in (counted(NO_CLIENT), counted(None, X_Forwarded_For="10.1.2.3")):
        assert key == again, f"Without a client, two requests: {key!r} and {again!r}."
    other = counted("203.0.113.7")
    assert key != other, f"Without a client, it is like 203.0.113.7: {key!r}."
