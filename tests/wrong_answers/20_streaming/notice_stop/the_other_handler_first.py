#| kata: streaming.notice_stop
#| refused_by: test_it_is_noticed_even_if_the_other_handler_raises
# The handler from before is called first; if it raises, nothing is noticed.
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

    def note(number: int, frame: FrameType | None) -> None:
        before[number](number, frame)
        app.state.stopping = True

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
