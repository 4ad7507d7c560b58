#| kata: streaming.notice_stop
#| refused_by: test_a_signal_is_noticed
# An app that is started again is stopping from the start.
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

from fastapi import FastAPI


@asynccontextmanager
async def notice_stop(app: FastAPI) -> AsyncIterator[None]:
    """Let an app know when its server is asked to stop, so that streams can end."""
    app.state.stopping = getattr(app.state, "stopping", False)
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            handler = signal.getsignal(number)
            if callable(handler):
                before[number] = handler

    def notice(number: int, frame: FrameType | None) -> None:
        app.state.stopping = True
        before[signal.Signals(number)](number, frame)

    for number in before:
        signal.signal(number, notice)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
