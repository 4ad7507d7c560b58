"""Checks of websockets.review: whoever may not watch any more doesn't."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.hub import Hub, Screen

    Sessions = async_sessionmaker[AsyncSession]

PEOPLE: dict[str, tuple[int, str, bool]] = {
    "dora": (51, "dispatcher", True),
    "cem": (23, "courier", True),
    "bob": (17, "sender", True),
    "kim": (41, "courier", False),
    "dana": (902, "dispatcher", False),
    "nobody": (99, "", True),
}
"""Everybody's id, role, and whether the account is active. 99 has no account."""
MAY = {"dora", "cem"}


@pytest.fixture
async def known(sessions: "Sessions") -> None:
    """They are stored."""
    from waybill.tables import Account, Role

    async with sessions.begin() as session:
        for name, (number, role, active) in PEOPLE.items():
            if role:
                row = Account(id=number, email=f"{name}@example.com", role=Role(role))
                row.active = active
                session.add(row)


Room = tuple["Hub", dict[str, list["Screen"]]]


@pytest.fixture
def room(known: None) -> Iterator[Room]:  # noqa: ARG001  # used for what it does
    """A hub in which everybody has two screens, at two depots."""
    from waybill.hub import Hub

    hub = Hub()
    with ExitStack() as stack:
        screens = {
            name: [
                stack.enter_context(hub.join(depot, number)) for depot in ("HAM", "BER")
            ]
            for name, (number, _, _) in PEOPLE.items()
        }
        hub.publish("HAM", "it waits")
        yield hub, screens


def found(screen: "Screen") -> list[str]:
    """Take what waits for a screen."""
    from waybill.hub import End

    came: list[Any] = []
    while not screen.waiting.empty():
        came.append(screen.waiting.get_nowait())
    return [f"End {one.code}" if isinstance(one, End) else one for one in came]


# - A screen ends with 1008 if its account is closed or gone, or if its role may not
# read scans any more.
# - All other screens stay as they are.
async def test_screens_without_a_right_end(room: Room, sessions: "Sessions") -> None:
    """Screens of accounts that may not watch end with 1008; all others stay."""
    from waybill.review import review
    from waybill.tables import now

    hub, screens = room
    for _ in range(2):
        await review(hub, sessions, now())
    for name, (number, role, active) in PEOPLE.items():
        came = [found(screen) for screen in screens[name]]
        wanted = [["it waits"], []] if name in MAY else [["End 1008"], ["End 1008"]]
        what = f"{'active' if active else 'closed'}, {role}" if role else "not there"
        assert came == wanted, (
            f"Account {number} ({what}) has two screens, and a text waited for the "
            f"first. After two reviews they found {came}; {wanted} was expected."
        )


async def test_another_role_or_none(room: Room, sessions: "Sessions") -> None:
    """What has changed since the last review counts at the next."""
    from waybill.review import review
    from waybill.tables import Account, Role, now

    hub, screens = room
    await review(hub, sessions, now())
    async with sessions.begin() as session:
        dora: Any = await session.get(Account, PEOPLE["dora"][0])
        cem: Any = await session.get(Account, PEOPLE["cem"][0])
        dora.role, cem.active = Role.SENDER, False
    await review(hub, sessions, now())
    for name, what in (("dora", "is a sender now"), ("cem", "was closed")):
        came = [found(screen) for screen in screens[name]]
        assert came == [["End 1008"]] * 2, (
            f"After a first review, an account {what}. After the second, its screens "
            f"found {came}."
        )


async def test_the_table_is_asked(
    room: Room, sessions: "Sessions", monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the table that is asked for `scans:read`, and no role."""
    from waybill.policy import MAY
    from waybill.review import review
    from waybill.tables import Role, now

    hub, screens = room
    monkeypatch.setitem(MAY, Role.COURIER, {"scans:add"})
    monkeypatch.setitem(MAY, Role.SENDER, {"scans:read"})
    await review(hub, sessions, now())
    came = [[found(one)[-1:] for one in screens[name]] for name in ("cem", "bob")]
    assert came == [[["End 1008"]] * 2, [["it waits"], []]], (
        "MAY allowed senders 'scans:read', and couriers no longer. A courier's screens "
        f"and a sender's then found {came}; the courier's should end, and no other. "
        '`may(account, "scans:read")` asks the table.'
    )


# - A screen that is older than `LIFETIME` ends, too. `screen.since` is when it began.
@pytest.mark.parametrize("minutes", [0, 345])
async def test_old_screens_end(room: Room, sessions: "Sessions", minutes: int) -> None:
    """A screen that is older than `LIFETIME` ends; one as old as that doesn't yet."""
    from waybill.review import review
    from waybill.tables import now
    from waybill.tokens import LIFETIME

    hub, screens = room
    at = now() + timedelta(days=3)
    tick = timedelta(microseconds=1)
    old, just = screens["dora"]
    old.since, just.since = at - LIFETIME - tick, at - LIFETIME
    young, new = screens["cem"]
    young.since, new.since = at - LIFETIME / 2, at
    await review(hub, sessions, at.astimezone(timezone(timedelta(minutes=minutes))))
    came = [found(one)[-1:] for one in (old, just, young, new)]
    assert came == [["End 1008"], [], ["it waits"], []], (
        f"LIFETIME is {LIFETIME}. Four screens were older than that, as old, half as "
        f"old, and new. What they found at last: {came}; the first one should end. "
        "`at` is the time that counts, and a timedelta has days, too."
    )


# - However many screens there are, a review is one query; without screens it is none.
# No connection is lent when screens are ended.
async def test_a_review_is_one_query(
    room: Room,
    sessions: "Sessions",
    queries: list[str],
    engine: "AsyncEngine",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A review of many screens is one query, and no connection is lent at their end."""
    from waybill.hub import Hub, Screen
    from waybill.review import review
    from waybill.tables import now

    pool: Any = engine.pool
    lent: list[int] = []
    end = Screen.end

    def noting(screen: "Screen", code: int) -> None:
        lent.append(pool.checkedout())
        end(screen, code)

    monkeypatch.setattr(Screen, "end", noting)
    hub, _ = room
    queries.clear()
    await review(hub, sessions, now())
    assert len(queries) == 1, (
        f"{len(hub.screens())} screens of {len(PEOPLE)} accounts were reviewed with "
        f"{len(queries)} queries. `in_` asks for all of them at once."
    )
    assert lent, "No screen was ended."
    assert max(lent) == 0, (
        "A connection was lent while screens were ended. Let the session end first."
    )
    queries.clear()
    await review(Hub(), sessions, now())
    assert queries == [], f"There are no screens, and a review sent {queries}."
    assert pool.checkedout() == 0, "After a review, a connection is lent."
