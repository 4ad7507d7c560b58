#| kata: streaming.notice_stop
#| refused_by: test_a_signal_is_noticed
# Of two apps only the one that was opened last notices.
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType

from fastapi import FastAPI


APPS: list[FastAPI] = []


@asynccontextmanager
async def notice_stop(app: FastAPI) -> AsyncIterator[None]:
    """Let an app know when its server is asked to stop, so that streams can end."""
    app.state.stopping = False
    APPS.append(app)
    before: dict[int, Callable[[int, FrameType | None], object]] = {}

    def note(number: int, frame: FrameType | None) -> None:
        APPS[-1].state.stopping = True
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
