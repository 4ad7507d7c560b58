#| kata: websockets.attend
#| refused_by: test_everything_else_is_refused
# What guides show.
import asyncio
import json
from typing import Annotated, Literal

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

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


async def show(websocket: WebSocket, screen: Screen) -> None:
    """Send what waits for a screen, one after the other, until it ends."""
    try:
        while not isinstance(waited := await screen.waiting.get(), End):
            await websocket.send_text(waited)
        await websocket.close(waited.code)
    except WebSocketDisconnect:  # it is gone, and can't be told
        return


async def attend(
    websocket: WebSocket, hub: Hub, depot: str, account_id: int, pause: float = 1
) -> None:
    """Show a screen what happens at its depot, and hear what it says, until it ends."""
    with hub.join(depot, account_id) as screen:
        await websocket.accept()
        showing = asyncio.create_task(show(websocket, screen))
        try:
            while True:
                said = await websocket.receive_json()
                hub.publish(depot, json.dumps(said | {"by": account_id}))
                await asyncio.sleep(pause)
        except WebSocketDisconnect:
            showing.cancel()
