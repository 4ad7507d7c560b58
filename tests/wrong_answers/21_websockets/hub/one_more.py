#| kata: websockets.hub
#| refused_by: test_an_account_has_so_many_screens
# One screen too many.
import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, WebSocketException, status
from fastapi.requests import HTTPConnection

from waybill.tables import now

MOST_SCREENS = 5
"""How many screens an account may have open, in each process."""
MOST_WAITING = 100
"""How many messages may wait for a screen that reads slowly."""


@dataclass(frozen=True)
class End:
    """The last thing that a screen finds: why nothing follows."""

    code: int


class Screen:
    """Somebody who watches a depot, and the messages that wait for them."""

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        self.since = now()
        self.waiting: asyncio.Queue[str | End] = asyncio.Queue(MOST_WAITING)
        self.ended = False

    def put(self, text: str) -> None:
        """Let a message wait for this screen; end the screen if it reads too slowly."""
        if self.ended:
            return
        if self.waiting.full():
            self.end(status.WS_1013_TRY_AGAIN_LATER)
        else:
            self.waiting.put_nowait(text)

    def end(self, code: int) -> None:
        """Let this screen find nothing but its end."""
        if self.ended:
            return
        self.ended = True
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(End(code))


class Hub:
    """The screens of each depot."""

    def __init__(self) -> None:
        self.rooms: dict[str, set[Screen]] = {}

    def screens(self) -> list[Screen]:
        """Return all screens, whatever they watch."""
        return [screen for room in self.rooms.values() for screen in room]

    @contextmanager
    def join(self, depot: str, account_id: int) -> Iterator[Screen]:
        """Lend a place in a depot's room for as long as a block runs."""
        mine = [one for one in self.screens() if one.account_id == account_id]
        if len(mine) > MOST_SCREENS:
            raise WebSocketException(
                status.WS_1013_TRY_AGAIN_LATER, "Close one of your screens first."
            )
        screen = Screen(account_id)
        self.rooms.setdefault(depot, set()).add(screen)
        try:
            yield screen
        finally:
            self.rooms[depot].remove(screen)
            if not self.rooms[depot]:
                del self.rooms[depot]

    def publish(self, depot: str, text: str) -> None:
        """Let a message wait for each screen of a depot."""
        for screen in self.rooms.get(depot, ()):
            screen.put(text)


@asynccontextmanager
async def open_hub(app: FastAPI) -> AsyncIterator[None]:
    """Give an app a hub of its own."""
    app.state.hub = Hub()
    yield


async def app_hub(connection: HTTPConnection) -> Hub:
    """Return the hub of the app that a connection came to."""
    hub: Hub = connection.app.state.hub
    return hub


AppHub = Annotated[Hub, Depends(app_hub)]
