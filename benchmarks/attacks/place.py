"""Where attacks happen: how much of each, and the Waybills that they are given."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Self
from uuid import uuid4

from attacks.database import Fresh
from attacks.waybill import Waybill, served

GENEROUS = {
    "WAYBILL_LIMIT_REQUESTS": "1000000",
    "WAYBILL_SIGN_IN_REQUESTS": "1000000",
}
"""Limits that leave the rest of the service to be attacked."""
CHEAPEST = {"WAYBILL_HASH_ROUNDS": "2", "WAYBILL_HASH_MEMORY_KIB": "19456"}
"""The cheapest hashes that production accepts."""


@dataclass(frozen=True)
class Outcome:
    """What was measured, and whether that is good enough."""

    measured: str
    passed: bool


class Scale(Enum):
    """How much is sent."""

    SHORT = "short"
    FULL = "full"


@dataclass
class Place:
    """What an attack is given."""

    service: Path
    folder: Path
    fresh: Fresh
    workers: int
    scale: Scale
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _shared: Waybill | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._open.aclose()

    def many(self, full: int, short: int) -> int:
        """Return how many of something are sent."""
        return full if self.scale is Scale.FULL else short

    def in_time(self, seconds: float, limit: float) -> bool:
        """Tell whether a time is good enough; a short run judges none."""
        return self.scale is Scale.SHORT or seconds < limit

    async def waybill(self) -> Waybill:
        """Return a Waybill with generous limits, that attacks share."""
        if self._shared is None:
            self._shared = await self._open.enter_async_context(
                self.serving(**GENEROUS)
            )
        return self._shared

    @asynccontextmanager
    async def serving(
        self, *options: str, workers: int | None = None, **variables: str
    ) -> AsyncIterator[Waybill]:
        """Serve a Waybill of its own, in production; options are uvicorn's."""
        folder = self.folder / uuid4().hex
        folder.mkdir()
        cheap = CHEAPEST if self.scale is Scale.SHORT else {}
        async with served(
            service=self.service,
            folder=folder,
            database=await self.fresh(),
            options=["--workers", str(workers or self.workers), *options],
            variables=cheap | variables,
        ) as waybill:
            yield waybill


Attack = Callable[[Place], Awaitable[Outcome]]
"""Does one thing to Waybill; its name and its docstring say what."""
