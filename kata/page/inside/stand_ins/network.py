"""A network inside the process: servers and clients of this machine meet in memory.

Only addresses of 127.0.0.1 exist. Nothing pushes back on who writes too much.
"""

import asyncio
import errno
import itertools
import socket
from typing import Any

from kata.page.inside.stand_ins.loops import PageLoop

HERE = "127.0.0.1"
Address = tuple[str, int]
listening: dict[int, "_Server"] = {}
ports = itertools.count(40_001)


class _Socket:
    """Stands for a socket: nothing but its address means anything."""

    family, type, proto = socket.AF_INET, socket.SOCK_STREAM, 0

    def __init__(self, address: Address) -> None:
        self.address = address

    def getsockname(self) -> Address:
        return self.address

    def fileno(self) -> int:
        return -1

    def bind(self, address: Address) -> None:
        self.address = (address[0], address[1] or next(ports))

    def close(self) -> None:
        listening.pop(self.address[1], None)

    def connect(self, address: object) -> None:
        refuse(address)

    def connect_ex(self, _: object) -> int:
        return errno.ECONNREFUSED

    def getsockopt(self, *_: object) -> int:
        return 0

    def _nothing(self, *_: object) -> None:
        """Do nothing: there is nothing to set."""

    listen = setsockopt = setblocking = settimeout = set_inheritable = _nothing

    def __enter__(self) -> "_Socket":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Transport(asyncio.Transport):
    """One end of a connection; what is written arrives at the other a turn later."""

    other: "_Transport"

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        protocol: asyncio.BaseProtocol,
        here: Address,
        peer: Address,
    ) -> None:
        super().__init__({"socket": _Socket(here), "sockname": here, "peername": peer})
        self.loop = loop
        self.protocol: Any = protocol
        self.held: list[bytes | None] = []
        self.paused = self.closing = self.lost = self.ended = False

    def get_protocol(self) -> asyncio.BaseProtocol:
        found: asyncio.BaseProtocol = self.protocol
        return found

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol

    def is_closing(self) -> bool:
        return self.closing

    def is_reading(self) -> bool:
        return not self.paused and not self.closing

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False
        held, self.held = self.held, []
        for one in held:
            self.loop.call_soon(self.take, one)

    def take(self, data: bytes | None) -> None:
        """Receive what the other end wrote; None is its end."""
        if self.lost:
            return
        if self.paused:
            self.held.append(data)
        elif data is None:
            if not self.protocol.eof_received():
                self.close()
        elif isinstance(self.protocol, asyncio.BufferedProtocol):
            self._fill(data)
        else:
            self.protocol.data_received(data)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if data and not self.lost and not self.closing:
            self.other.loop.call_soon(self.other.take, bytes(data))

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        if not self.ended:
            self.ended = True
            self.other.loop.call_soon(self.other.take, None)

    def get_write_buffer_size(self) -> int:
        return 0

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return (0, 0)

    def set_write_buffer_limits(
        self, high: int | None = None, low: int | None = None
    ) -> None:
        pass

    def close(self) -> None:
        if not self.closing:
            self.write_eof()
            self.closing = True
            self.loop.call_soon(self._gone)

    def abort(self) -> None:
        self.close()

    def _fill(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            room = self.protocol.get_buffer(len(left))
            size = min(len(room), len(left))
            room[:size] = left[:size]
            self.protocol.buffer_updated(size)
            left = left[size:]

    def _gone(self) -> None:
        if not self.lost:
            self.lost = True
            self.protocol.connection_lost(None)


class _Server(asyncio.AbstractServer):
    """A server that listens on a port of this process."""

    def __init__(self, loop: PageLoop, factory: Any, own: _Socket) -> None:  # noqa: ANN401
        self.loop, self.factory, self.own = loop, factory, own
        self.open = True

    @property
    def sockets(self) -> tuple[_Socket, ...]:
        return (self.own,) if self.open else ()

    def get_loop(self) -> PageLoop:
        return self.loop

    def is_serving(self) -> bool:
        return self.open

    def close(self) -> None:
        self.open = False
        self.own.close()

    def close_clients(self) -> None:
        pass

    def abort_clients(self) -> None:
        pass

    async def start_serving(self) -> None:
        pass

    async def serve_forever(self) -> None:
        await self.loop.create_future()

    async def wait_closed(self) -> None:
        pass

    async def __aenter__(self) -> "_Server":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


async def create_server(
    loop: PageLoop,
    factory: Any,  # noqa: ANN401
    host: str | None = None,
    port: int | None = None,
    *,
    sock: Any = None,  # noqa: ANN401
    **_: object,
) -> _Server:
    """Listen, as `loop.create_server` does."""
    if not isinstance(sock, _Socket):
        address = sock.getsockname() if sock else (host or HERE, port or 0)
        sock = _Socket(address)
        sock.bind(address)
    if sock.address[1] in listening:
        raise OSError(errno.EADDRINUSE, "address already in use")
    server = listening[sock.address[1]] = _Server(loop, factory, sock)
    return server


async def create_connection(
    loop: PageLoop,
    factory: Any,  # noqa: ANN401
    host: str = HERE,
    port: int = 0,
    *,
    sock: object = None,
    **_: object,
) -> tuple[_Transport, asyncio.BaseProtocol]:
    """Connect to a server of this process, as `loop.create_connection` does."""
    await asyncio.sleep(0)
    server = listening.get(port)
    if sock is not None or server is None or not server.open:
        raise refused((host, port))
    here = (HERE, next(ports))
    client = _Transport(loop, factory(), here, (host, port))
    served = _Transport(server.loop, server.factory(), (host, port), here)
    client.other, served.other = served, client
    server.loop.call_soon(served.protocol.connection_made, served)
    loop.call_soon(client.protocol.connection_made, client)
    await asyncio.sleep(0)
    return client, client.get_protocol()


def refused(address: object) -> ConnectionRefusedError:
    """Return what a machine says on whose port nobody listens."""
    return ConnectionRefusedError(errno.ECONNREFUSED, f"Connect call failed {address}")


def refuse(address: object, *_: object, **__: object) -> None:
    """Connect to nobody."""
    raise refused(address)


def _listening_socket(address: Address, **_: object) -> _Socket:
    found = _Socket(address)
    found.bind(address)
    return found


def install() -> None:
    """Let every loop, and `socket` itself, know this network alone."""
    for name, method in (
        ("create_server", create_server),
        ("create_connection", create_connection),
    ):
        setattr(PageLoop, name, method)
    vars(socket)["create_server"] = _listening_socket
    vars(socket)["create_connection"] = refuse
