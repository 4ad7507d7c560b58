#| kata: rate_limiting.caller
#| refused_by: test_nothing_else_counts
# With a token, the address is another one: a guesser has two.
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
    return address_of(connection)


def address_of(connection: HTTPConnection) -> str:
    """Return where a request comes from: an IPv4 address, 64 bits of an IPv6 one."""
    host = connection.client.host if connection.client else "unknown"
    if "Authorization" in connection.headers:
        return f"address {host} of somebody"
    try:
        address = ip_address(host)
    except ValueError:  # not every server has one
        return f"address {host}"
    if isinstance(address, IPv6Address):
        network = IPv6Network((address, 64), strict=False)
        return f"address {address.ipv4_mapped or network}"
    return f"address {address}"
