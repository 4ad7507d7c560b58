"""What runs in the server's own process: listen, say where, serve until nobody waits.

Its standard input stays open while somebody wants it to serve. Arguments: the port to
listen on if it is free, and the path below which a proxy offers ports, if one does.
"""

import os
import socket
import sys
import threading

import uvicorn

from kata.serving.offline import app
from kata.serving.ports import HOST

GRACE = 1
"""Seconds that open connections have to end."""


def main(port: int, proxy: str) -> None:
    """Serve the app that the environment names."""
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - sys.path holds texts
    listener = _listener(port)
    port = listener.getsockname()[1]
    config = uvicorn.Config(
        app(),
        root_path=f"{proxy}{port}" if proxy else "",
        log_level="warning",
        timeout_graceful_shutdown=GRACE,
    )
    server = uvicorn.Server(config)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    threading.Thread(target=_wait_for_the_end, args=[server], daemon=True).start()
    server.run(sockets=[listener])


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError:  # another program has it by now
        return socket.create_server((HOST, 0))


def _wait_for_the_end(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
