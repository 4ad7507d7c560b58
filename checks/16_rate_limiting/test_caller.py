"""Checks of rate_limiting.caller: who is counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from fastapi.requests import HTTPConnection
from pydantic import SecretStr

KEY = SecretStr("caller-" * 6)
OTHER_KEY = SecretStr("nobody-" * 6)


def counted(host: str | None, **headers: str) -> str:
    """Return the key that a request from an address is counted under."""
    from waybill.limits import caller

    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/v1/rates/DE",
        "query_string": b"",
        "client": (host, 50123) if host is not None else None,
        "headers": [
            (name.replace("_", "-").lower().encode(), value.encode())
            for name, value in headers.items()
        ],
    }
    sent = ", ".join(f"{name.replace('_', '-')}: {headers[name]}" for name in headers)
    what = f"A request from {host or 'a Unix socket'}{f' with {sent}' if sent else ''}"
    try:
        key = caller(HTTPConnection(scope), KEY)
    except jwt.InvalidTokenError as error:
        raise AssertionError(
            f"{what} ended in {type(error).__name__}: {error}. A token that isn't "
            "valid is no reason for a 500: its sender is counted by address."
        ) from error
    except ValueError as error:
        raise AssertionError(
            f"{what} ended in {type(error).__name__}: {error}. A host that is no "
            "address, such as `testclient`, counts as it is."
        ) from error
    except (AttributeError, TypeError, KeyError) as error:
        raise AssertionError(
            f"{what} ended in {type(error).__name__}: {error}. Whatever a request "
            "looks like, somebody has to be counted."
        ) from error
    assert isinstance(key, str), f"{what} is counted under {key!r}; a key is a str."
    return key


def token(
    account: int,
    *,
    minutes_ago: int = 0,
    key: SecretStr = KEY,
    scheme: str = "Bearer",
) -> str:
    """Return an Authorization header with an access token for an account."""
    from waybill.tokens import issue_token

    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return f"{scheme} {issue_token(account, key, at)}"


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"]
)
def test_no_header_says_where_it_comes_from(header: str) -> None:
    """No header says where a request comes from: its client's address does."""
    keys = {
        counted("203.0.113.7", **{header: f"10.9.{number // 256}.{number % 256}"})
        for number in range(1000)
    }
    assert len(keys) == 1, (
        f"A bot at 203.0.113.7 sent 1000 requests, each with another {header}, and was "
        f"counted as {len(keys)} callers: it is never refused. Anybody can write a "
        "header; where the connection comes from, they can't choose."
    )
    bare = counted("203.0.113.7")
    assert keys == {bare}, (
        f"With {header}, 203.0.113.7 is counted under {keys.pop()!r}, and without it "
        f"under {bare!r}. So a bot has two buckets; leave the header alone."
    )


def test_addresses_are_counted_apart() -> None:
    """Another address is another caller."""
    hosts = ["203.0.113.7", "203.0.113.8", "2001:db8::1", "testclient", "proxy-2"]
    keys = {host: counted(host) for host in hosts}
    assert len({*keys.values()}) == len(hosts), (
        f"These are five callers, and they are counted as {keys}."
    )


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
        "Account 41 came with another valid token, and was counted under another key. "
        "A bot would sign in again for a full bucket: count the account, not its token."
    )
    for scheme in ("bearer", "BEARER", "bEarer"):
        spelt = counted("203.0.113.7", Authorization=token(41, scheme=scheme))
        assert spelt == here, (
            f"Account 41 sent its token as `{scheme} …`, and was counted under "
            f"{spelt!r} instead of {here!r}. `Bearer` may be spelt in any case of "
            "letters: the routes take it, too."
        )
    colleague = counted("203.0.113.7", Authorization=token(42))
    alone = counted("203.0.113.7")
    assert len({here, colleague, alone}) == 3, (
        "From one address asked account 41, account 42 and somebody without a token; "
        f"they were counted under {here!r}, {colleague!r} and {alone!r}. These are "
        "three callers."
    )


def forged(account: int) -> str:
    """Return a token whose claims are fine, and which nobody signed."""
    claims = {
        "sub": str(account),
        "type": "access",
        "exp": datetime.now(UTC) + timedelta(minutes=5),
    }
    return f"Bearer {jwt.encode(claims, None, algorithm='none')}"


def test_a_token_that_is_not_valid_counts_for_nothing() -> None:
    """Any other token, and any other scheme, is counted by address."""
    bare = counted("203.0.113.7")
    for what, header in (
        ("an expired token", token(41, minutes_ago=600)),
        ("a token signed with another key", token(41, key=OTHER_KEY)),
        ("a token that nobody signed", forged(41)),
        ("no token at all in its header", "Bearer"),
        ("nonsense for a token", "Bearer abc.def.ghi"),
        ("a name and a password", "Basic bGVuYTpwaWdlb24="),
        ("an empty header", ""),
        ("an account's token as Basic", token(41, scheme="Basic")),
        ("an account's token without a scheme", token(41).partition(" ")[2]),
    ):
        key = counted("203.0.113.7", Authorization=header)
        assert key == bare, (
            f"203.0.113.7 came with {what} and was counted under {key!r}; without it, "
            f"under {bare!r}. Only `Bearer` and a valid token prove an account; "
            "all else is counted by address."
        )


def test_a_household_is_one_caller() -> None:
    """IPv6 addresses with the same first 64 bits are one caller; others are not."""
    home = {
        counted(host)
        for host in ("2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff:1:2:3")
    }
    assert len(home) == 1, (
        "2001:db8:1:2::1, ::2 and :ffff:1:2:3 have the same first 64 bits, and are "
        f"counted as {sorted(home)}. One household has all of the rest, which is "
        "2**64 buckets."
    )
    for host in ("2001:db8:1:3::1", "2001:db8:9:2::1", "2a00:db8:1:2::1"):
        key = counted(host)
        assert key not in home, (
            f"2001:db8:1:2::1 and {host} differ in their first 64 bits, and both are "
            f"counted under {key!r}."
        )


def test_an_ipv4_address_inside_is_that_address() -> None:
    """`::ffff:192.0.2.7` is counted as 192.0.2.7."""
    inside, plain = counted("::ffff:192.0.2.7"), counted("192.0.2.7")
    assert inside == plain, (
        f"::ffff:192.0.2.7 is counted under {inside!r}, and 192.0.2.7 under {plain!r}. "
        "A server that listens for IPv6 may show IPv4 clients like that."
    )
    other = counted("::ffff:192.0.2.8")
    assert other != inside, (
        f"::ffff:192.0.2.7 and ::ffff:192.0.2.8 are both counted under {other!r}. The "
        "first 64 bits are the same for all IPv4 addresses: one bot would use up the "
        "bucket of everybody."
    )


def test_without_a_client_somebody_is_counted() -> None:
    """Without a client, all are counted under one key."""
    key = counted(None)
    assert key == counted(None, X_Forwarded_For="10.1.2.3"), (
        "Two requests over a Unix socket are counted under different keys."
    )
    assert key != counted("203.0.113.7"), (
        f"A request without a client and one from 203.0.113.7 are both counted under "
        f"{key!r}."
    )
    account = counted(None, Authorization=token(41))
    assert account == counted("203.0.113.7", Authorization=token(41)), (
        "Account 41 came over a Unix socket, and isn't counted as it is elsewhere."
    )
