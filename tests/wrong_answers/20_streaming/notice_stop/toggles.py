#| kata: streaming.notice_stop
#| refused_by: test_the_server_hears_it_too
# A second signal makes it forget the first.
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType

from fastapi import FastAPI


@asynccontextmanager
async def notice_stop(app: FastAPI) -> AsyncIterator[None]:
    """Let an app know when its server is asked to stop, so that streams can end."""
    app.state.stopping = False
    before: dict[int, Callable[[int, FrameType | None], object]] = {}

    def note(number: int, frame: FrameType | None) -> None:
        app.state.stopping = not app.state.stopping
        before[number](number, frame)

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            handler = signal.getsignal(number)
            if callable(handler):
                before[number] = handler
                signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
