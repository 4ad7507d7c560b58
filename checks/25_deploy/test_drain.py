"""Checks of deploy.drain: a server that says that it will stop before it does."""

import asyncio
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
)
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

LONGEST = 15
"""Seconds after which a server that never stops is ended."""
Patiently = Callable[[], AbstractContextManager[Any]]
Opened = Callable[[FastAPI], AbstractAsyncContextManager[None]]


async def turns(count: int = 20) -> None:
    """Let the loop do what it has to do."""
    for _ in range(count):
        await asyncio.sleep(0)


# - `app.state.draining` is false from the start, and true after a `SIGTERM`.
async def test_it_notes_that_it_drains(
    heard: list[Any],  # noqa: ARG001  # a server that hears it
    drain_for: Callable[[float], None],
    opened: Opened,
) -> None:
    """`app.state.draining` is false from the start, and true after a SIGTERM."""
    drain_for(3600)
    app, other = FastAPI(), FastAPI()
    async with opened(app):
        early = getattr(app.state, "draining", "not set")
        signal.raise_signal(signal.SIGTERM)
        await turns()
        late = app.state.draining
    assert (early, late) == (False, True), (
        f"app.state.draining was {early} from the start, and {late} after a SIGTERM, "
        "while the app was open. After the `yield` the server has closed its door."
    )
    for what, later in {"Another app": other, "The same app": app}.items():
        async with opened(later):
            found = later.state.draining
        assert found is False, f"{what} was opened afterwards, and drains already."


# - `DrainSettings().drain_seconds` later, the loop calls `server`, as the example
@pytest.mark.parametrize("seconds", [0.01, 0.15, 0.4])
async def test_the_server_hears_it_later(
    heard: list[Any],
    drain_for: Callable[[float], None],
    opened: Opened,
    patiently: Patiently,
    seconds: float,
) -> None:
    """The handler from before is called after the seconds of the settings, once."""
    drain_for(seconds)
    async with opened(FastAPI()):
        began = time.monotonic()
        signal.raise_signal(signal.SIGTERM)
        assert heard == [], (
            "SIGTERM came, and the server was told before the loop did anything else: "
            "nobody can read the 503 then. Hand it over to the loop."
        )
        with patiently() as scope:
            while not heard:  # noqa: ASYNC110 - a handler of a signal tells
                await asyncio.sleep(0.01)
        took = time.monotonic() - began
        await turns()
    assert not scope.cancelled_caught, (
        f"WAYBILL_DRAIN_SECONDS={seconds}, SIGTERM came, and the handler from before "
        "was never called: uvicorn doesn't stop."
    )
    assert took > seconds - 0.02, (
        f"WAYBILL_DRAIN_SECONDS={seconds}, and the server was told {took:.2f} seconds "
        "after SIGTERM: the load balancer hasn't asked yet."
    )
    told = [(one[0], one[1]) for one in heard]
    assert told == [(signal.SIGTERM, None)], (
        f"The handler from before was called with {told}. Call it once, with the "
        "signal and None."
    )
    assert heard[0][-1] is threading.main_thread(), (
        "The handler from before was called in another thread. Let the loop call it."
    )


# - `DrainSettings().drain_seconds` later, the loop calls `server`, as the example
async def test_until_then_it_serves(
    heard: list[Any], drain_for: Callable[[float], None], opened: Opened
) -> None:
    """Until then the server isn't told, and the loop goes on."""
    drain_for(3600)
    ran: list[str] = []
    async with opened(FastAPI()):
        signal.raise_signal(signal.SIGTERM)
        asyncio.get_running_loop().call_later(0.2, ran.append, "a request")
        while not ran:  # noqa: ASYNC110 - whatever the loop does
            await asyncio.sleep(0.01)
        early = [*heard]
    assert early == [], (
        "WAYBILL_DRAIN_SECONDS=3600, and the server was told within a second."
    )


# - The handler of the signal leaves everything to the loop, and wakes one that sleeps.
@pytest.mark.skipif(os.name == "nt", reason="Windows' loop sleeps in another way.")
def test_a_loop_that_sleeps_is_woken(
    heard: list[Any],  # noqa: ARG001  # a server that hears it
    drain_for: Callable[[float], None],
    sleeper: Any,  # noqa: ANN401
) -> None:
    """A loop that sleeps when the signal comes is woken by it."""
    from waybill.draining import drain

    drain_for(0.05)

    async def serve() -> bool:
        async with drain(FastAPI()):
            await turns()
            sleeper.over = asyncio.get_running_loop().create_future()
            return await sleeper.over

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(sleeper)) as one:
        woken = one.run(serve())
    assert woken, (
        "The loop slept when SIGTERM came, and went on sleeping: `call_later`, "
        "`call_soon` and `Event.set` tell nobody that there is something to do. A "
        "handler of a signal needs `call_soon_threadsafe`."
    )


# - However often `SIGTERM` comes, the wait begins once.
async def test_the_wait_begins_once(
    heard: list[Any],
    drain_for: Callable[[float], None],
    opened: Opened,
    patiently: Patiently,
) -> None:
    """However often SIGTERM comes, the server is told once, counted from the first."""
    drain_for(0.3)
    late: list[str] = []
    async with opened(FastAPI()):
        loop = asyncio.get_running_loop()
        signal.raise_signal(signal.SIGTERM)
        await turns()
        for after in (0.05, 0.15, 0.25):
            loop.call_later(after, signal.raise_signal, signal.SIGTERM)
        loop.call_later(0.45, lambda: late.append("and" if heard else "nothing"))
        with patiently() as scope:
            while not late or not heard:  # noqa: ASYNC110 - whatever the loop does
                await asyncio.sleep(0.01)
        await turns()
    assert not scope.cancelled_caught, (
        "SIGTERM came four times, and the server was never told."
    )
    assert len(heard) == 1, (
        f"SIGTERM came four times, and the server was told {len(heard)} times."
    )
    assert late == ["and"], (
        "SIGTERM came four times within the wait, and each began it again, from zero."
    )


# - When the app closes, even by an error, the handler from before is back
async def test_the_handler_is_put_back(
    heard: list[Any],  # noqa: ARG001  # sets handlers
    drain_for: Callable[[float], None],
) -> None:
    """When the app closes, even by an error, the handler from before is back."""
    from waybill.draining import drain

    drain_for(0.05)
    before = signal.getsignal(signal.SIGTERM)
    async with drain(FastAPI()):
        pass
    assert signal.getsignal(signal.SIGTERM) is before, (
        "The app has closed, and SIGTERM is still handled by what it set."
    )
    try:
        async with drain(FastAPI()):
            raise LookupError
    except LookupError:
        pass
    assert signal.getsignal(signal.SIGTERM) is before, (
        "The app ended by an error, and SIGTERM is still handled by what it set. What "
        "stands in `finally` runs after an error, too."
    )


# - When the app closes, even by an error, the handler from before is back and no
# timer is left.
async def test_no_timer_is_left(
    heard: list[Any], drain_for: Callable[[float], None], opened: Opened
) -> None:
    """When the app closes before the seconds are over, nobody is told any more."""
    drain_for(0.05)
    async with opened(FastAPI()):
        signal.raise_signal(signal.SIGTERM)
        await turns()
    over = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.3, over.set_result, None)
    await over
    assert heard == [], (
        "The app had closed, and then the server was told that it should stop. Cancel "
        "what `call_later` returned."
    )


# - Ctrl-C (`SIGINT`) ends a server at once, as before.
async def test_ctrl_c_is_left_alone(
    heard: list[Any], drain_for: Callable[[float], None], opened: Opened
) -> None:
    """Ctrl-C (SIGINT) ends a server at once, as before."""
    drain_for(3600)
    app = FastAPI()
    before = signal.getsignal(signal.SIGINT)
    async with opened(app):
        assert signal.getsignal(signal.SIGINT) is before, (
            "SIGINT has another handler while the app is open. Whoever presses Ctrl-C "
            "wants an end at once."
        )
        signal.raise_signal(signal.SIGINT)
        await turns()
    assert len(heard) == 1, f"SIGINT was heard {len(heard)} times, not once."


# - `app.state.draining` is false from the start, and true after a `SIGTERM`.
@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without a word.")
def test_a_real_server_drains(start_server: Callable[[float], Any]) -> None:
    """A real server that gets SIGTERM answers /ready 503 and all else, then stops."""
    patient, quick = start_server(3600), start_server(0.1)
    ports = [one.stdout.readline().strip() for one in (patient, quick)]
    if not all(ports):
        patient.kill()
        said = patient.communicate()[1]
        raise AssertionError(f"A server with your `drain` didn't start: {said[-600:]}")
    with httpx.Client(base_url=f"http://127.0.0.1:{ports[0]}") as client:
        assert client.get("/ready").status_code == 200
        for one in (patient, quick):
            one.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + LONGEST / 3
        found, work = 200, 200
        try:
            while found == 200 and time.monotonic() < deadline:
                found = client.get("/ready").status_code
            work = httpx.get(f"{client.base_url}/work").status_code
        except httpx.TransportError as error:
            raise AssertionError(
                "A real server got SIGTERM, with WAYBILL_DRAIN_SECONDS=3600, and "
                f"answered nobody any more: {type(error).__name__}."
            ) from None
    assert (found, work) == (503, 200), (
        "A real server got SIGTERM, with WAYBILL_DRAIN_SECONDS=3600. Then /ready "
        f"was answered {found} and /work {work}; wanted is 503 and 200."
    )
    try:
        quick.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        raise AssertionError(
            "A real server got SIGTERM, with WAYBILL_DRAIN_SECONDS=0.1, and is "
            f"still there {LONGEST} seconds later."
        ) from None
