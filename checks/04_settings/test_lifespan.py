"""Checks of settings.lifespan: whatever was opened is closed."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from fastapi import FastAPI

Resources = list[Any]
TURNS = {
    "database": {"open": 9, "close": 1},
    "cache": {"open": 6, "close": 4},
    "carriers": {"open": 3, "close": 7},
    "printer": {"open": 1, "close": 9},
}
"""Turns of the event loop that each takes: opened at once, they'd be out of order."""


@pytest.fixture
def resources() -> Iterator[Resources]:
    """Waybill's own list: emptied for a check, and filled again afterwards."""
    from waybill.app import resources

    assert isinstance(resources, list), (
        f"`resources` is a {type(resources).__name__}. Keep it the list it was in the "
        "cell: later lessons append to it."
    )
    kept = resources[:]
    resources.clear()
    yield resources
    resources[:] = kept


class Probe:
    """A resource that notes in a journal what happens to it.

    Like any entry of the list it is no context manager: calling it makes one.
    """

    kind: type[Exception] = ConnectionError
    """What it raises where it fails."""

    def __init__(self, journal: list[str], name: str, *, fails_to: str = "") -> None:
        self.journal = journal
        self.name = name
        self.fails_to = fails_to
        self.apps: list[FastAPI] = []

    def __call__(self, app: FastAPI) -> "Opened":
        """Note which app it is for."""
        self.apps.append(app)
        return Opened(self)

    async def note(self, what: str) -> None:
        """Write into the journal what happens, in the end: it takes several turns."""
        for _ in range(TURNS[self.name][what]):
            await asyncio.sleep(0)
        self.journal.append(f"{what} {self.name}")
        if self.fails_to == what:
            raise self.kind(f"{self.name} failed to {what}")


class Opened:
    """What a resource makes for an app: opened when entered, closed when left."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe

    async def __aenter__(self) -> None:
        """Open, unless it fails to."""
        await self.probe.note("open")

    async def __aexit__(self, *_: object) -> None:
        """Close, unless it fails to."""
        await self.probe.note("close")


async def serve(
    journal: list[str], *, error: BaseException | None = None
) -> tuple[FastAPI, BaseException | None]:
    """Start an app, serve and stop; return the app and what a server would hear of."""
    from waybill.app import lifespan

    app = FastAPI()
    context = lifespan(app)
    assert isinstance(context, AbstractAsyncContextManager), (
        f"lifespan(app) gives a {type(context).__name__}, which no server can "
        "enter. Keep the decorator above lifespan: it makes a context manager of it."
    )
    try:
        async with context:
            journal.append("serve")
            if error:
                raise error
    except BaseException as heard:  # noqa: BLE001 - what it is, is for the check to say
        return app, heard
    return app, None


# - At every start, before the first request, each function that the list then holds is
# called with the app, in order.
async def test_all_are_opened_in_order(resources: Resources) -> None:
    """Every resource is called with the app and opened in order, before any request."""
    journal: list[str] = []
    probes = [Probe(journal, name) for name in ("database", "cache", "carriers")]
    resources[:] = probes
    app, error = await serve(journal)
    expected = ["open database", "open cache", "open carriers", "serve"]
    advice = "Enter each one before the yield, and leave none of them before it."
    if isinstance(error, TypeError):
        advice = "An entry is a function: `resource(app)` makes the context manager."
    assert journal[:4] == expected, (
        f"With three resources, an app's life should begin with {expected}; yours "
        f"went {journal}{f' and ended in {error!r}' if error else ''}. {advice}"
    )
    assert all(probe.apps == [app] for probe in probes), (
        "Each resource should be called once, with the app that starts; yours were "
        f"called {[len(probe.apps) for probe in probes]} times, or with something else."
    )


async def test_every_start_opens_all_of_them(resources: Resources) -> None:
    """Every start opens all of the list again, and what was appended since."""
    journal: list[str] = []
    resources.append(Probe(journal, "database"))
    for names in (["database"], ["database"], ["database", "cache", "database"]):
        if "cache" in names:
            resources += [Probe(journal, "cache"), resources[0]]
        journal.clear()
        await serve(journal)
        opened = [entry[5:] for entry in journal if entry.startswith("open ")]
        assert opened == names, (
            "Three apps were started, one after the other. Before this start "
            f"`resources` held {names}, and {opened} were opened. Read the list at "
            "every start, all of it, and leave it as it is."
        )


# - When the app stops, they are closed in reverse order.
async def test_all_are_closed_in_reverse(resources: Resources) -> None:
    """When serving ends, they are closed in reverse: the last one opened, first."""
    journal: list[str] = []
    resources[:] = [Probe(journal, name) for name in ("database", "cache", "carriers")]
    _, error = await serve(journal)
    assert error is None, (
        f"Nothing failed, and the server heard of {error!r}. The lifespan yields once "
        "and ends quietly."
    )
    closed = journal[journal.index("serve") + 1 :]
    expected = ["close carriers", "close cache", "close database"]
    assert closed == expected, (
        f"When serving ended, this should have followed: {expected}; what followed is "
        f"{closed}. Close what you opened, once the yield is over; a later resource "
        "may need an earlier one, so the last one goes first."
    )


# - If serving ends in an exception, they are closed as well, and the exception passes
# on.
@pytest.mark.parametrize("wrong", [RuntimeError("no power"), asyncio.CancelledError()])
async def test_all_are_closed_when_serving_fails(
    resources: Resources, wrong: BaseException
) -> None:
    """If serving ends in an exception, they are closed, and the server hears of it."""
    journal: list[str] = []
    resources[:] = [Probe(journal, name) for name in ("database", "cache")]
    _, error = await serve(journal, error=wrong)
    expected = ["open database", "open cache", "serve", "close cache", "close database"]
    assert journal == expected, (
        f"Serving ended in {wrong!r}. Expected: {expected}; it went {journal}. An "
        "exception arrives at the yield: what stands behind it is skipped, unless it "
        "is in a finally, or at the end of an async with."
    )
    assert error is wrong, (
        f"Serving ended in {wrong!r}, and the server heard of "
        f"{error or 'nothing'!r}. Clean up, and let the exception pass."
    )


# - If one can't be opened, those before it are closed, no later one is called, and the
# exception passes on.
async def test_a_failed_start_closes_what_is_open(resources: Resources) -> None:
    """If one can't be opened, those before it are closed and no later one is called."""
    journal: list[str] = []
    later = Probe(journal, "printer")
    resources[:] = [
        Probe(journal, "database"),
        Probe(journal, "cache"),
        Probe(journal, "carriers", fails_to="open"),
        later,
    ]
    _, error = await serve(journal)
    assert isinstance(error, ConnectionError), (
        f"One resource could not be opened, and the server heard of "
        f"{error or 'nothing'!r} instead of its ConnectionError. It went {journal}. "
        "Let the exception pass, or the server believes that the app has started."
    )
    expected = ["open database", "open cache", "open carriers"]
    expected += ["close cache", "close database"]
    assert journal == expected, (
        f"`carriers` could not be opened. Expected: {expected}; it went {journal}. "
        "The opening, too, belongs inside what closes."
    )
    assert not later.apps, (
        "`carriers` could not be opened, and `printer`, which comes later, had been "
        "called with the app already. Call each one when it is its turn."
    )


# - If one can't be closed, the others still are, and the exception passes on.
@pytest.mark.parametrize("kind", [ConnectionError, RuntimeError, ValueError])
async def test_a_failed_close_leaves_none_open(
    resources: Resources, kind: type[Exception]
) -> None:
    """If one can't be closed, the others still are, and the server hears of it."""
    journal: list[str] = []
    carriers = Probe(journal, "carriers", fails_to="close")
    carriers.kind = kind
    resources[:] = [
        Probe(journal, "database"),
        Probe(journal, "cache"),
        carriers,
    ]
    _, error = await serve(journal)
    closed = journal[journal.index("serve") + 1 :]
    expected = ["close carriers", "close cache", "close database"]
    assert closed == expected, (
        f"`carriers` failed to close. Expected all the same: {expected}; what followed "
        f"is {closed}. One failure may not keep the others open: a stack of contexts "
        "sees to that."
    )
    assert isinstance(error, kind), (
        f"A resource failed to close, and the server heard of "
        f"{error or 'nothing'!r} instead of its {kind.__name__}. Let it pass."
    )


# - When the app stops, they are closed in reverse order.
async def test_each_app_opens_its_own(resources: Resources) -> None:
    """Of two apps that are open at once, one stops, and the other's stay open."""
    from waybill.app import lifespan

    journal: list[str] = []
    resources.append(Probe(journal, "database"))
    first, second = lifespan(FastAPI()), lifespan(FastAPI())
    await first.__aenter__()
    await second.__aenter__()
    await first.__aexit__(None, None, None)
    early = journal.count("close database")
    await second.__aexit__(None, None, None)
    late = journal.count("close database")
    assert (early, late) == (1, 2), (
        f"Two apps opened a database each. One app stopped, and {early} were closed; "
        f"when the other had stopped, {late}. Make a stack for each start."
    )
