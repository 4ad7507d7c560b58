#| kata: rate_limiting.caller
#| refused_by: test_without_a_client_somebody_is_counted
# A server that names no client at all ends in a KeyError.
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
    client = connection.scope["client"]
    if client is None:
        return "address unknown"
    host = client[0]
    try:
        address = ip_address(host)
    except ValueError:
        return f"address {host}"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return f"address {address.ipv4_mapped}"
        return f"address {IPv6Network((address, 64), strict=False)}"
    return f"address {address}"
