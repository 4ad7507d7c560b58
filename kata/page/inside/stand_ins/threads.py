"""What would run in a thread runs inline; it has a thread's number while it does."""

import asyncio
import concurrent.futures
import contextlib
import contextvars
import functools
import itertools
import threading
from collections.abc import Awaitable, Callable, Iterator
from types import TracebackType
from typing import Any, Protocol

import anyio
import anyio.from_thread
import anyio.lowlevel
import anyio.to_thread
from anyio._backends import _asyncio as backend

from kata.page.inside.stand_ins.loops import DeadlockError, PageLoop

Work = Callable[..., Any]
real_ident = threading.get_ident
real_wait = threading.Event.wait
idents = itertools.count(10_000)
inline: list[int] = []
"""The numbers of the threads that would be running, the innermost last."""


class Context(Protocol):
    """An asynchronous context manager."""

    def __aenter__(self) -> Awaitable[Any]: ...
    def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Awaitable[bool | None]: ...


def get_ident() -> int:
    """Return the number of the thread that this would be."""
    return inline[-1] if inline else real_ident()


def wait(event: threading.Event, timeout: float | None = None) -> bool:
    """Wait for an event, but never for one that nobody is there to set."""
    if timeout is None and not event.is_set():
        raise DeadlockError(
            "There are no threads in this page, and this one waits for another."
        )
    return real_wait(event, timeout)


async def run_sync(
    func: Work,
    *args: Any,  # noqa: ANN401
    abandon_on_cancel: bool = False,  # noqa: ARG001 - anyio's interface
    cancellable: bool | None = None,  # noqa: ARG001
    limiter: anyio.CapacityLimiter | None = None,
) -> Any:  # noqa: ANN401
    """Call a function as `anyio.to_thread.run_sync` does, without a thread."""
    await anyio.lowlevel.checkpoint()
    async with limiter or anyio.to_thread.current_default_thread_limiter():
        await anyio.lowlevel.cancel_shielded_checkpoint()
        return contextvars.copy_context().run(_as_thread, func, *args)


def _as_thread(func: Work, *args: Any) -> Any:  # noqa: ANN401
    inline.append(next(idents))
    try:
        return func(*args)
    finally:
        inline.pop()


class _Pumped(concurrent.futures.Future[Any]):
    """A future whose loop runs while somebody waits for it: nobody else would."""

    def __init__(self, loop: PageLoop) -> None:
        super().__init__()
        self.loop: Any = loop

    def result(self, timeout: float | None = None) -> Any:  # noqa: ANN401, ARG002
        self._pump()
        return super().result(0)

    def exception(self, timeout: float | None = None) -> BaseException | None:  # noqa: ARG002
        self._pump()
        return super().exception(0)

    def _pump(self) -> None:
        while not self.done():
            self.loop.call_soon(self.loop.stop)
            if not self.loop._ready and not self.loop._scheduled:
                raise DeadlockError("What a test client waits for never comes.")
            self.loop.run_forever()


class _Portal:
    """Stands in for anyio's portal: a loop in this thread, for a test client."""

    def __init__(self) -> None:
        self.loop = PageLoop()
        self.tasks: set[asyncio.Task[Any]] = set()

    def call(self, func: Work, *args: Any) -> Any:  # noqa: ANN401
        return self.loop.run_until_complete(_finished(func, *args))

    def start_task_soon(
        self,
        func: Work,
        *args: Any,  # noqa: ANN401
        name: object = None,  # noqa: ARG002
    ) -> _Pumped:
        out = _Pumped(self.loop)
        task = self.loop.create_task(_finished(func, *args))
        self.tasks.add(task)
        task.add_done_callback(functools.partial(self._hand_on, out))
        return out

    def start_task(
        self,
        func: Work,
        *args: Any,  # noqa: ANN401
        name: object = None,  # noqa: ARG002
    ) -> tuple[_Pumped, Any]:
        started = self.loop.create_future()

        class Status:
            def started(self, value: object = None) -> None:
                started.set_result(value)

        task = self.start_task_soon(
            functools.partial(func, *args, task_status=Status())
        )

        async def value() -> object:
            while not started.done():
                if task.done():
                    task.result()
                    raise RuntimeError("the task ended before it said that it started")
                await asyncio.sleep(0)
            return started.result()

        return task, self.loop.run_until_complete(value())

    @contextlib.contextmanager
    def wrap_async_context_manager(self, context: Context) -> Iterator[Any]:
        value = self.call(context.__aenter__)
        try:
            yield value
        except BaseException as error:
            if not self.call(
                context.__aexit__, type(error), error, error.__traceback__
            ):
                raise
        else:
            self.call(context.__aexit__, None, None, None)

    def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        if self.tasks:
            self.loop.run_until_complete(asyncio.wait([*self.tasks]))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()

    def _hand_on(self, out: _Pumped, task: "asyncio.Task[Any]") -> None:
        self.tasks.discard(task)
        if task.cancelled():
            out.cancel()
            out.set_running_or_notify_cancel()
        elif error := task.exception():
            out.set_exception(error)
        else:
            out.set_result(task.result())


@contextlib.contextmanager
def _portal(*_: object, **__: object) -> Iterator[_Portal]:
    portal = _Portal()
    try:
        yield portal
    finally:
        portal.close()


async def _finished(func: Work, *args: Any) -> Any:  # noqa: ANN401
    value = func(*args)
    return await value if hasattr(value, "__await__") else value


def install() -> None:
    """Put these in the place of threads, of anyio's and of Python's own."""
    vars(threading)["get_ident"] = get_ident
    vars(anyio.to_thread)["run_sync"] = run_sync
    vars(anyio.from_thread)["start_blocking_portal"] = _portal
    setattr(threading.Event, "wait", wait)  # noqa: B010 - no method may be assigned
    setattr(backend.AsyncIOBackend, "run_sync_in_worker_thread", _in_worker)  # noqa: B010


@classmethod  # type: ignore[misc]
async def _in_worker(
    _: object,
    func: Work,
    args: tuple[Any, ...],
    abandon_on_cancel: bool = False,  # noqa: ARG001 - anyio's interface
    limiter: anyio.CapacityLimiter | None = None,
) -> Any:  # noqa: ANN401
    return await run_sync(func, *args, limiter=limiter)
