"""Checks of caching.tracking: what anybody may know of a parcel, as a text."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.tables import Parcel, Scan

    Sessions = async_sessionmaker[AsyncSession]

pytestmark = pytest.mark.usefixtures("known")

SECRETS = ("Zoë", "Zo", "Torstra", "10119", "963", "750", "812", "311", "lena", "id")
"""Parts of what only the sender, or Waybill, may know."""


def scanned(depot: str, kind: str, at: str) -> dict[str, str]:
    """Return a scan as the JSON has it."""
    return {"depot": depot, "kind": kind, "at": f"2026-03-02T{at}:00Z"}


EXPECTED = {
    "WB7": [scanned("HAM", "picked_up", "09:29"), scanned("BER", "arrived", "09:27")],
    "WB8": [scanned("BER", "departed", "09:28")],
    "WB70": [],
}


async def text_of(sessions: "Sessions", code: str) -> Any:  # noqa: ANN401
    """Load what is known of a parcel; it must be a text."""
    from waybill.tracking import load_tracking

    text = await load_tracking(sessions, code)
    assert type(text) is str, (
        f"load_tracking(sessions, {code!r}) returned {text!r}. A snapshot is a text: "
        "make a Tracking of the row while its session is open, and JSON of that."
    )
    return text


# - The text is the JSON of a `Tracking`: the tracking code, and the scans in the
# order in which they came.
@pytest.mark.parametrize("code", EXPECTED)
async def test_the_text_is_the_json_of_a_tracking(
    sessions: "Sessions", code: str
) -> None:
    """The text is JSON: the tracking code, and the scans in the order they came in."""
    text = await text_of(sessions, code)
    try:
        found = json.loads(text)
    except ValueError as error:
        raise AssertionError(f"{text!r} isn't JSON. `model_dump_json()` is.") from error
    told = [found.get(name) for name in ("tracking_code", "scans")]
    assert told == [code, EXPECTED[code]], (
        f"Of {code}, load_tracking returned {text}. Scans stand in the order in which "
        "they came, each with its depot, kind and at."
    )


async def test_the_text_is_of_now(
    sessions: "Sessions",
    keep: Callable[..., Awaitable[None]],
    scan: "Callable[..., Scan]",
) -> None:
    """A scan that was added since stands in the next text."""
    before = await text_of(sessions, "WB70")
    await keep(scan(70, 9, "delivered", "MUC"))
    after = await text_of(sessions, "WB70")
    assert after != before, (
        f"WB70 was scanned, and load_tracking still returns {after}. It loads; what "
        "keeps texts comes later."
    )


# - Nothing else about the parcel is in it: no person, no address, no value.
async def test_nothing_else_is_in_it(sessions: "Sessions") -> None:
    """Nothing of the sender, the address, the value, the weight or the ids is in it."""
    from waybill.tracking import load_tracking

    text = str(await load_tracking(sessions, "WB7"))
    shown = text.replace("tracking_code", "").replace("WB7", "")
    told = [secret for secret in SECRETS if secret in shown]
    told += sorted({*json.loads(text)} - {"tracking_code", "scans"})
    assert not told, (
        f"Anybody who knows the code WB7 would read {text}. In it stands {told[0]!r}, "
        "which is for its sender alone. Name in `Tracking` what may be seen."
    )


# - If no parcel has exactly this code, it returns `None`.
@pytest.mark.parametrize("code", ["WB9", "WB", "wb7", "WB_", "WB%", "%", "7", "WB7 "])
async def test_an_unknown_code_is_none(sessions: "Sessions", code: str) -> None:
    """If no parcel has exactly this code, it returns `None`."""
    from waybill.tracking import load_tracking

    found = await load_tracking(sessions, code)
    assert found is None, (
        f"No parcel has the code {code!r}, and load_tracking returned {found!r}. "
        "Compare the whole code with `==`, and return None if there is no row."
    )


# - It opens a session of its own, and has closed it when it returns.
@pytest.mark.parametrize("code", ["WB7", "WB9"])
async def test_no_connection_stays_open(
    sessions: "Sessions", engine: "AsyncEngine", code: str
) -> None:
    """When it has returned, it holds no connection, with a parcel or without."""
    from waybill.tracking import load_tracking

    await load_tracking(sessions, code)
    lent = engine.pool.checkedout()  # type: ignore[attr-defined]
    assert lent == 0, (
        f"After load_tracking(sessions, {code!r}), {lent} connection is still lent "
        "out. `async with sessions() as session` gives it back."
    )


# - It sends two statements at most, however many scans there are.
async def test_two_statements_are_enough(
    sessions: "Sessions",
    queries: list[str],
    keep: Callable[..., Awaitable[None]],
    parcel: "Callable[..., Parcel]",
    scan: "Callable[..., Scan]",
) -> None:
    """It sends two statements at most, however many scans there are."""
    await keep(parcel(5), *(scan(5, number) for number in range(20, 45)))
    queries.clear()
    text = await text_of(sessions, "WB5")
    count = len(json.loads(text)["scans"])
    assert count == 25, f"WB5 has 25 scans; {count} of them are in the text."
    assert len(queries) <= 2, (
        f"For a parcel with 25 scans {len(queries)} statements were sent. "
        "`selectinload` reads all scans with one."
    )
