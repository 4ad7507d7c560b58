#| kata: rate_limiting.caller
#| refused_by: test_no_header_says_where_it_comes_from
# Both together: still a key for each invented header.
from contextlib import suppress
from ipaddress import IPv6Address, IPv6Network, ip_address

from fastapi.requests import HTTPConnection
from fastapi.security.utils import get_authorization_scheme_param
from jwt import InvalidTokenError
from pydantic import SecretStr

from waybill.tokens import read_token


def caller(connection: HTTPConnection, key: SecretStr) -> str:
    """Return who is counted: an account that proves itself, else an address."""
    scheme, token = get_authorization_scheme_param(
        connection.headers.get("Authorization")
    )
    if scheme.lower() == "bearer":
        with suppress(InvalidTokenError):
            return f"account {read_token(token, key)}"
    host = connection.client.host if connection.client else "unknown"
    forwarded = connection.headers.get("X-Forwarded-For", "")
    return f"address {household(host)} {forwarded}"


def household(host: str) -> str:
    """Return what one household has: an IPv4 address, 64 bits of an IPv6 one."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped
        return str(inside or IPv6Network((address, 64), strict=False))
    return host
