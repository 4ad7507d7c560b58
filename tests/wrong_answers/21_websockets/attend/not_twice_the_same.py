#| kata: websockets.attend
#| refused_by: test_what_is_said_reaches_the_depot
# What a screen says twice in a row is published once.
import asyncio
from typing import Annotated, Literal

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.types import Message

from waybill.hub import End, Hub, Screen
from waybill.schemas import RequestModel, TextLine

LARGEST_MESSAGE = 1_000
"""Characters that a message of a screen may have."""


class Note(RequestModel):
    """A line for everybody at the depot."""

    type: Literal["note"]
    text: TextLine


class Done(RequestModel):
    """Somebody has taken care of a scan."""

    type: Literal["done"]
    scan: int = Field(ge=1, le=2**63 - 1)


class NoteShown(Note):
    """A note, and who has written it."""

    by: int


class DoneShown(Done):
    """What was taken care of, and by whom."""

    by: int


class Refused(BaseModel):
    """What a screen is told that has sent something else."""

    type: Literal["refused"] = "refused"
    detail: str = "Send a note or a done, as JSON."


def as_shown(said: Note | Done, account_id: int) -> str:
    """Return what screens are told of what somebody says, as JSON."""
    kind = NoteShown if isinstance(said, Note) else DoneShown
    return kind(**said.model_dump(), by=account_id).model_dump_json()


SAID: TypeAdapter[Note | Done] = TypeAdapter(
    Annotated[Note | Done, Field(discriminator="type")]
)


def understand(message: Message) -> Note | Done | None:
    """Return what a screen says; None if it is neither a note nor a done."""
    text = message.get("text")
    if text is None or len(text) > LARGEST_MESSAGE:
        return None
    try:
        return SAID.validate_json(text)
    except ValidationError:
        return None


async def show(websocket: WebSocket, screen: Screen) -> None:
    """Send what waits for a screen, one after the other, until it ends."""
    try:
        while not isinstance(waited := await screen.waiting.get(), End):
            await websocket.send_text(waited)
        await websocket.close(waited.code)
    except WebSocketDisconnect:  # it is gone, and can't be told
        return


async def hear(
    websocket: WebSocket, hub: Hub, depot: str, screen: Screen, pause: float
) -> None:
    """Hear what a screen says, until it leaves."""
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        said = understand(message)
        if said is None:
            screen.put(Refused().model_dump_json())
        else:
            if said != getattr(screen, "last", None):
                hub.publish(depot, as_shown(said, screen.account_id))
            screen.last = said
        await asyncio.sleep(pause)


async def attend(
    websocket: WebSocket, hub: Hub, depot: str, account_id: int, pause: float = 1
) -> None:
    """Show a screen what happens at its depot, and hear what it says, until it ends."""
    with hub.join(depot, account_id) as screen:
        await websocket.accept()
        async with asyncio.TaskGroup() as group:
            hearing = group.create_task(hear(websocket, hub, depot, screen, pause))
            showing = group.create_task(show(websocket, screen))
            hearing.add_done_callback(lambda _: showing.cancel())
            showing.add_done_callback(lambda _: hearing.cancel())
