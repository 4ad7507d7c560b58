#| kata: streaming.notice_stop
#| refused_by: test_the_handlers_are_put_back
# Puts the handlers back only where nothing was raised.
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

from fastapi import FastAPI


@asynccontextmanager
async def notice_stop(app: FastAPI) -> AsyncIterator[None]:
    """Let an app know when its server is asked to stop, so that streams can end."""
    app.state.stopping = False
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler):
                before[number] = handler

    def stop(number: int, frame: FrameType | None) -> None:
        app.state.stopping = True
        before[signal.Signals(number)](number, frame)

    for number in before:
        signal.signal(number, stop)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
