"""Ports of this machine, and whether somebody answers there."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx


@contextmanager
def taken_port() -> Iterator[int]:
    """Listen on a port, as another program would."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def free_port() -> int:
    """Return a port on which nobody listens."""
    with taken_port() as port:
        return port


def get(url: str) -> httpx.Response | None:
    """Return the answer, or None while nobody answers."""
    try:
        return httpx.get(url, timeout=2.0)
    except httpx.TransportError:
        return None
