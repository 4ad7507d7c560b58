"""Event loops in a place that has no selector, and whose own loop is always running."""

import asyncio
import contextlib
import warnings
from collections.abc import Callable, Coroutine
from time import sleep  # as it is now: a check may put something else in its place
from typing import Any

EVENTS: Any = asyncio.events
TASKS: Any = asyncio.tasks


class DeadlockError(RuntimeError):
    """Everything waits for something else, and nothing can happen any more."""


class _Sleeper:
    """In the place of a selector: there are no sockets, so it only waits for timers."""

    def select(self, timeout: float | None) -> list[object]:
        if timeout is None:
            raise DeadlockError(
                "Every task is waiting, and nothing is left that could wake one."
            )
        if timeout > 0:
            sleep(timeout)
        return []

    def close(self) -> None:
        pass


class PageLoop(asyncio.base_events.BaseEventLoop):
    """An event loop that may run inside another one that waits for this call."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Sleeper()

    def run_forever(self) -> None:
        """Run, with the loop around this one put aside."""
        outer = EVENTS._get_running_loop()
        task = TASKS._swap_current_task(outer, None) if outer else None
        EVENTS._set_running_loop(None)
        try:
            super().run_forever()
        finally:
            EVENTS._set_running_loop(outer)
            if outer:
                TASKS._swap_current_task(outer, task)

    def run_in_executor(  # type: ignore[override]
        self,
        executor: object,  # noqa: ARG002 - the loop's interface
        func: Callable[..., Any],
        *args: Any,  # noqa: ANN401
    ) -> "asyncio.Future[Any]":
        """Call it here and now, and return what came of it."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - whoever awaits it gets it
            future.set_exception(error)
        return future

    async def shutdown_default_executor(
        self,
        timeout: float | None = None,  # noqa: ASYNC109 - the loop's interface
    ) -> None:
        """Do nothing: there is no executor."""

    def _process_events(self, events: object) -> None:
        pass

    def _write_to_self(self) -> None:
        pass

    def _check_running(self) -> None:
        if self.is_running():
            raise RuntimeError("This event loop is already running")


class _Policy(getattr(EVENTS, "_AbstractEventLoopPolicy", object)):  # type: ignore[misc]
    """Gives out loops of this kind alone."""

    loop: PageLoop | None = None

    def get_event_loop(self) -> PageLoop:
        if self.loop is None or self.loop.is_closed():
            self.loop = PageLoop()
        return self.loop

    def set_event_loop(self, loop: PageLoop | None) -> None:
        self.loop = loop

    def new_event_loop(self) -> PageLoop:
        return PageLoop()


def run(
    main: Coroutine[Any, Any, Any],
    *,
    debug: bool | None = None,  # noqa: ARG001 - the interface of asyncio.run
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> Any:  # noqa: ANN401 - whatever the coroutine returns
    """Run a coroutine to its end on a loop of its own: `asyncio.run`."""
    loop = (loop_factory or PageLoop)()
    try:
        return loop.run_until_complete(main)
    finally:
        with contextlib.suppress(Exception):
            loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def install() -> None:
    """Make every new loop a `PageLoop`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        EVENTS._set_event_loop_policy(_Policy())
    asyncio.run = run
    vars(asyncio.runners)["run"] = run
    asyncio.new_event_loop = EVENTS.new_event_loop = PageLoop
