#| kata: rate_limiting.caller
#| refused_by: test_a_household_is_one_caller
# Cuts the text after four groups, and zeros are left out of it.
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
    if host.startswith("::ffff:"):
        host = host.removeprefix("::ffff:")
    elif ip_or_none(host):
        host = ":".join(host.split(":")[:4])
    return f"address {host}"


def ip_or_none(host: str) -> IPv6Address | None:
    """Return an IPv6 address, if it is one."""
    with suppress(ValueError):
        return IPv6Address(host)
    return None
