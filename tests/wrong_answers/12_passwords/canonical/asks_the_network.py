#| kata: passwords.canonical
#| refused_by: test_nobody_is_asked
# Asks whether the domain takes mail: slow, and it tells others who signs in.
import socket

from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    domain = validate_email(email)[1].lower()
    try:
        socket.getaddrinfo(domain.partition("@")[2], 25)
    except OSError:
        pass
    return domain
