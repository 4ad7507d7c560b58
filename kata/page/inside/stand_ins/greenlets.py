"""Enough of greenlet for SQLAlchemy's asyncio, where no call ever really waits.

That holds for SQLite inside the process: what is awaited there is done at once.
"""

import sys
import types
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

YIELDS = 1000
"""How often a call may ask to be resumed: `asyncio.sleep(0)` does no more."""


class GreenletExit(BaseException):
    """What would end a greenlet from outside."""


class Greenlet:
    """Runs its function to the end at the first switch."""

    current: ClassVar["Greenlet"]
    gr_context = None

    def __init__(
        self, run: Callable[..., Any] | None = None, parent: "Greenlet | None" = None
    ) -> None:
        self.run = run
        self.parent = parent
        self.dead = False
        self.awaited = False
        self.outcome: tuple[Any, BaseException | None] | None = None

    def switch(self, *args: Any, **more: Any) -> Any:  # noqa: ANN401
        """Run this one; the root is given what is to be awaited."""
        if self.run is None:
            return self._drive(args[0])
        if self.outcome is None:
            self.outcome = self._outcome(self.run, *args, **more)
            if self.awaited:
                return _nothing()  # so that the caller sees that there was a switch
        self.dead = True
        value, error = self.outcome
        if error:
            raise error
        return value

    def throw(self, *error: Any) -> Any:  # noqa: ANN401
        """Raise what would be raised inside."""
        raise error[1]

    def _outcome(
        self,
        run: Callable[..., Any],
        *args: Any,  # noqa: ANN401
        **more: Any,  # noqa: ANN401
    ) -> tuple[Any, BaseException | None]:
        before, Greenlet.current = Greenlet.current, self
        try:
            return run(*args, **more), None
        except BaseException as error:  # noqa: BLE001 - raised by the next switch
            return None, error
        finally:
            Greenlet.current = before

    def _drive(self, awaited: Awaitable[Any]) -> Any:  # noqa: ANN401
        child = Greenlet.current
        if child is not self:
            child.awaited = True
        Greenlet.current = self
        try:
            return _result(awaited)
        finally:
            Greenlet.current = child


Greenlet.current = Greenlet()


async def _nothing() -> None:
    return None


def _result(awaited: Awaitable[Any]) -> Any:  # noqa: ANN401
    steps = awaited.__await__()
    try:
        for _ in range(YIELDS):
            if next(steps) is not None:
                break
    except StopIteration as end:
        return end.value
    raise RuntimeError(
        "This call to the database would have to wait for another task, and that "
        "can't be done in this page."
    )


def install() -> None:
    """Make `import greenlet` find this."""
    module: Any = types.ModuleType("greenlet")
    module.__version__ = "3.0"
    module.greenlet, module.GreenletExit = Greenlet, GreenletExit
    module.getcurrent = lambda: Greenlet.current
    sys.modules["greenlet"] = module
