"""Checks of streaming.notice_stop: an app that knows when its server is to stop."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest
from fastapi import FastAPI

BOTH = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """What a server hears: it handles both signals, as uvicorn does."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    received: list[Any] = []

    for number in numbers:

        def handle(*arguments: object, own: signal.Signals = number) -> None:
            mine = arguments[:1] == (own,)
            received.append(arguments if mine else (f"the handler of {own.name}",))

        signal.signal(number, handle)
    yield received
    for number, handler in before.items():
        signal.signal(number, handler)


# - `app.state.stopping` is false from the start, and true after a `SIGTERM` or a
@BOTH
async def test_a_signal_is_noticed(heard: list[Any], number: signal.Signals) -> None:
    """`app.state.stopping` is false from the start, and true after a signal."""
    from waybill.stopping import notice_stop

    app, other = FastAPI(), FastAPI()
    async with notice_stop(app), notice_stop(FastAPI()):
        early = app.state.stopping
        signal.raise_signal(number)
        late = app.state.stopping
    assert (early, late) == (False, True), (
        f"app.state.stopping was {early} from the start, and {late} after "
        f"{number.name}, with another app open beside it. Set it on this app, in a "
        "handler of your own."
    )
    for what, later in {"Another app": other, "The same app": app}.items():
        async with notice_stop(later):
            assert later.state.stopping is False, (
                f"{what} was opened afterwards, and is stopping from the start. Keep "
                "the state on the app, and begin with False."
            )
    assert heard, f"The server's own handler never heard {number.name}."


# - The handler that was there before is called as well, with the same arguments.
@BOTH
async def test_the_server_hears_it_too(
    heard: list[Any], number: signal.Signals
) -> None:
    """The handler that was there before is called as well, once for each signal."""
    from waybill.stopping import notice_stop

    app = FastAPI()
    async with notice_stop(app):
        for _ in range(2):
            signal.raise_signal(number)
            assert app.state.stopping is True, (
                f"{number.name} came twice, and app.state.stopping is "
                f"{app.state.stopping}. It is true from the first one on."
            )
    assert len(heard) == 2, (
        f"{number.name} came twice, and the server's own handler was called "
        f"{len(heard)} times. If it hears nothing, the server never stops."
    )
    for received in heard:
        kinds = [type(one) for one in received]
        assert (received[:1], kinds[1:]) == ((number,), [FrameType]), (
            f"{number.name} came, and the server's own handler was called with "
            f"{received}. Pass on both arguments, the number and the frame."
        )


# - `app.state.stopping` is false from the start, and true after a `SIGTERM` or a
@BOTH
async def test_it_is_noticed_even_if_the_other_handler_raises(
    heard: list[Any], number: signal.Signals
) -> None:
    """It is noticed even if the handler that was there before raises."""
    from waybill.stopping import notice_stop

    def interrupt(*_arguments: object) -> None:
        heard.append("it raised")
        raise LookupError

    signal.signal(number, interrupt)
    app = FastAPI()
    async with notice_stop(app):
        with suppress(LookupError):
            signal.raise_signal(number)
        stopping = app.state.stopping
    assert (heard, stopping) == (["it raised"], True), (
        f"{number.name} came, the handler from before noted {heard} and raised, as "
        f"Python's own for Ctrl+C does, and app.state.stopping is {stopping}. Set it "
        "first, then call the other one."
    )


# - A signal that nobody handles keeps its effect.
@BOTH
async def test_what_nobody_handles_stays(
    heard: list[Any],  # noqa: ARG001  # puts the handlers back
    number: signal.Signals,
) -> None:
    """A signal that nobody handles, or that is ignored, stays so."""
    from waybill.stopping import notice_stop

    for usual in (signal.SIG_DFL, signal.SIG_IGN):
        signal.signal(number, usual)
        async with notice_stop(FastAPI()):
            found = signal.getsignal(number)
        assert found == usual, (
            f"{number.name} had the handler {usual!r}: the system does what it always "
            f"does. While the app was open, its handler was {found!r}, and a program "
            "that should have ended would go on. Replace functions only."
        )


# - When the app closes, the handlers from before are back.
@BOTH
async def test_the_handlers_are_put_back(
    heard: list[Any],  # noqa: ARG001  # sets handlers
    number: signal.Signals,
) -> None:
    """When the app closes, even by an error, the handlers from before are back."""
    from waybill.stopping import notice_stop

    before = signal.getsignal(number)
    async with notice_stop(FastAPI()):
        pass
    assert signal.getsignal(number) is before, (
        f"The app has closed, and {number.name} is still handled by what it set."
    )
    try:
        async with notice_stop(FastAPI()):
            raise LookupError
    except LookupError:
        pass
    assert signal.getsignal(number) is before, (
        f"The app ended by an error, and {number.name} is still handled by what it "
        "set. What stands in `finally` runs after an error, too."
    )


# - In a thread other than the main one, it opens without an error.
async def test_another_thread_is_no_error() -> None:
    """In a thread other than the main one, it opens without an error."""
    from waybill.stopping import notice_stop

    async def open_and_close() -> object:
        thread, app = threading.current_thread(), FastAPI()
        thread.name = threading.main_thread().name  # a name proves nothing
        async with notice_stop(app):
            return app.state.stopping

    try:
        found = await asyncio.to_thread(asyncio.run, open_and_close())
    except ValueError as error:
        raise AssertionError(
            f"The app was opened in another thread: ValueError: {error}. Set handlers "
            "in the main thread only."
        ) from None
    assert found is False, f"In another thread app.state.stopping was {found}."
