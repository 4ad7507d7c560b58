"""Ports of this machine: whether a server could listen there."""

import os
import socket

HOST = "127.0.0.1"
"""Where the servers listen: nobody else's machine can reach them."""


def why_taken(port: int) -> str:
    """Return why a server can't listen on a port, or nothing where it can."""
    with socket.socket() as probe:
        if os.name == "posix":
            # As servers do: a connection that has only just ended is in nobody's way.
            # On Windows the same option would take a port from the one who has it.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error.strerror or str(error)
    return ""
