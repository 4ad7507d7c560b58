#| kata: rate_limiting.caller
#| refused_by: test_a_household_is_one_caller
# All households behind one 6to4 address are one caller.
from contextlib import suppress
from ipaddress import IPv6Address, IPv6Network, ip_address

from fastapi.requests import HTTPConnection
from fastapi.security.utils import get_authorization_scheme_param
from jwt import InvalidTokenError
from pydantic import SecretStr

from waybill.tokens import read_token


def caller(connection: HTTPConnection, key: SecretStr) -> str:
    """Return who is counted: an account that proves itself, else an address."""
    header = connection.headers.get("Authorization")
    scheme, token = get_authorization_scheme_param(header)
    if scheme.lower() == "bearer":
        with suppress(InvalidTokenError):
            return f"account {read_token(token, key)}"
    return address_of(connection)


def address_of(connection: HTTPConnection) -> str:
    """Return where a request comes from: an IPv4 address, 64 bits of an IPv6 one."""
    if connection.client is None:
        return "no address"
    host = connection.client.host
    try:
        address = ip_address(host)
    except ValueError:  # not every server has one
        return f"address {host}"
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is None:
            return f"address {IPv6Network((int(address), 64), strict=False)}"
        address = inside
    return f"address {address}"
