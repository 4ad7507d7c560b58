"""Checks of repository.change_parcel: nobody's change is lost."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, exc, text
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

LENA, BOB, DORA = "lena@example.com", "bob@example.com", "dora@example.com"
VERSIONS = {7: 2, 8: 0, 9: 5}
INSERT = "INSERT INTO changes VALUES"
NUMBERS = "SELECT number FROM changes WHERE parcel_id = ? ORDER BY number"
WHO = "SELECT number, account_id FROM changes WHERE parcel_id = ?"
STATE = 'SELECT "to", weight_g, value FROM parcels WHERE id = ?'
TO = {"name": "A", "street": "B 1", "city": "C", "postcode": "D1 2", "country": "DE"}
Rows = Callable[..., list[Any]]
Claimed = Callable[..., Awaitable[object]]


@pytest.fixture
async def accounts(
    keep: Callable[..., Awaitable[None]],
    known: dict[str, Any],
    parcel: Callable[..., Any],
    change: Callable[..., Any],
) -> dict[str, Any]:
    """The accounts; there are three parcels, with as many changes as VERSIONS says."""
    for number, version in VERSIONS.items():
        await keep(parcel(number), *[change(number, i + 1) for i in range(version)])
    return known


@pytest.fixture
def claimed(sessions: "Sessions", accounts: dict[str, Any]) -> Claimed:
    """Return a function that claims and commits; it returns a number or an error."""

    async def claimed(number: int, seen: int, by: str = LENA) -> object:
        from waybill.store import StaleError, claim
        from waybill.tables import Parcel

        returned = False
        try:
            async with sessions.begin() as session:
                parcel = await session.get_one(Parcel, number)
                found = await claim(session, parcel, accounts[by], seen)
                returned = True
        except StaleError:
            return "StaleError"
        except exc.IntegrityError as error:
            raise AssertionError(
                "`claim` returned, and the commit failed with an IntegrityError: the "
                "change was still waiting in the session. `await changes.add(…)` sends "
                "it at once."
                if returned
                else f"`claim` ended in SQLAlchemy's {type(error).__name__}. "
                "`await changes.add(…)` makes a RefusedError of it."
            ) from None
        assert type(found) is int, f"`claim` gave {found!r}, which is no number."
        return found

    return claimed


# - `claim` keeps the change `seen + 1` of the account `by`, and returns this number.
@pytest.mark.parametrize("by", [LENA, DORA])
async def test_the_newest_version_can_be_claimed(
    claimed: Claimed, rows: Rows, by: str, ids: dict[str, int]
) -> None:
    """Who has seen the newest version gets the next; a change says who it was."""
    for number, version in VERSIONS.items():
        found = await claimed(number, version, by)
        assert found == version + 1, (
            f"The newest version of parcel {number} is {version}. {by} has seen it, "
            f"and `claim` gave {found!r} instead of {version + 1}."
        )
        kept = rows(WHO, number)
        assert max(kept) == (version + 1, ids[by]), (
            f"{by} claimed version {version + 1} of parcel {number}; the last change "
            f"that was kept, with its account, is {max(kept)}."
        )
        assert len(kept) == version + 1, f"Parcel {number} has the changes {kept}."


# - If `seen` is not the newest version, it raises a `StaleError`.
async def test_another_version_is_stale(
    claimed: Claimed, rows: Rows, sessions: "Sessions"
) -> None:
    """An older version is stale, and so is one that never was."""
    async with sessions.begin() as session:  # so nobody has the number 4 any more
        await session.execute(text("DELETE FROM changes WHERE number = 4"))
    for number, seen in ((7, 1), (7, 0), (9, 3), (7, 3), (7, 7), (8, 1), (9, 10**17)):
        was, version = rows(NUMBERS, number), VERSIONS[number]
        found = await claimed(number, seen)
        told = "Somebody has changed it since" if seen < version else "It never was"
        assert found == "StaleError", (
            f"Parcel {number} has the changes {was}, and a client said it had seen "
            f"{seen}. {told}, and `claim` gave {found!r} instead of a StaleError."
        )
        assert rows(NUMBERS, number) == was, "A stale claim has changed the changes."


# - If another request takes the same number at the same moment, that ends in a
# `StaleError` too.
@pytest.mark.parametrize("number", [7, 8])
async def test_only_one_gets_a_version(
    claimed: Claimed, rows: Rows, before: Callable[..., list[str]], number: int
) -> None:
    """If somebody takes the same number first, by a moment, that is stale too."""
    from waybill.repository import RefusedError

    new = VERSIONS[number] + 1
    rival = f"INSERT INTO changes VALUES ({number}, {new}, 17, '2026-03-02 09:00')"  # noqa: S608
    done = before("INSERT INTO changes", rival)
    try:
        found = await claimed(number, VERSIONS[number])
    except RefusedError:
        raise AssertionError(
            "Two requests had seen the same version. The other was faster by a moment, "
            "and `claim` ended in the repository's RefusedError: make a StaleError of "
            "it, since that is what it means here."
        ) from None
    assert done, "`claim` sent no INSERT INTO changes."
    assert found == "StaleError", (
        f"Two requests had seen version {new - 1}. The other took {new} first, "
        f"and `claim` gave {found!r} instead of a StaleError."
    )
    kept = rows(NUMBERS, number)
    assert kept == [*range(1, new + 1)], f"Afterwards there are changes {kept}."


@pytest.mark.parametrize("moment", [1, 2])
async def test_who_comes_between_is_noticed(
    claimed: Claimed, rows: Rows, engine: "AsyncEngine", moment: int
) -> None:
    """If somebody changes the parcel while `claim` looks, nothing is lost."""
    sent: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def come_between(*details: Any) -> None:  # noqa: ANN401
        sent.extend([details[2]] if "changes" in details[2] else [])
        if len(sent) == moment:
            sent.append("somebody else's")
            with closing(sqlite3.connect(str(engine.url.database))) as rival, rival:
                rival.execute(f"{INSERT} (7, 3, 17, '2026-03-02 09:00')")

    found = await claimed(7, 2)
    if len(sent) < moment:
        return  # what looks and writes in one statement leaves no moment between
    assert found == "StaleError", (
        f"A client had seen version 2. {'Before' if moment == 1 else 'After'} `claim` "
        "looked for the newest one, somebody made version 3, and `claim` gave "
        f"{found!r} instead of a StaleError. The number is always `seen + 1`."
    )
    assert rows(NUMBERS, 7) == [1, 2, 3]


# - Every other error goes on unchanged.
@pytest.mark.parametrize("words", ["INSERT INTO changes", "FROM changes"])
async def test_other_errors_go_on(
    claimed: Claimed, before: Callable[..., list[str]], words: str
) -> None:
    """Every other error goes on unchanged: it is not called stale."""
    done = before(words, "DROP TABLE changes")
    try:
        found = await claimed(7, 2)
    except exc.OperationalError:
        return
    assert done, f"`claim` sent nothing with {words}."
    raise AssertionError(
        f"The table `changes` was gone, and `claim` gave {found!r} instead of the "
        "database's error. Reading once more won't help a client here: catch "
        "RefusedError, and nothing else."
    )


# - `change_parcel` stays as it is:
@pytest.mark.parametrize(
    "sent",
    [
        {"weight_g": 900},
        {"value": "5.1"},
        {"to": TO},
        {"weight_g": 1, "value": "0"},
    ],
)
async def test_what_was_sent_changes_and_nothing_else(
    accounts: dict[str, Any], sessions: "Sessions", rows: Rows, sent: dict[str, Any]
) -> None:
    """What was sent changes, and nothing else; the new version is returned."""
    from waybill.schemas import ParcelUpdate
    from waybill.store import change_parcel
    from waybill.tables import Parcel

    async with sessions() as session:
        parcel = await session.get_one(Parcel, 7)
        wanted = {"to": parcel.to, "weight_g": parcel.weight_g, "value": parcel.value}
        wanted |= sent | ({"value": Decimal(sent["value"])} if "value" in sent else {})
        data = ParcelUpdate.model_validate(sent)
        version = await change_parcel(session, parcel, data, accounts[LENA], 2)
        await session.commit()
    assert (type(version), version) == (int, 3), (
        f"Version 2 was changed, and change_parcel gave {version!r}."
    )
    async with sessions() as session:
        kept = await session.get_one(Parcel, 7)
    found = {"to": kept.to, "weight_g": kept.weight_g, "value": kept.value}
    assert found == wanted, f"Sent was {sent}. The parcel is now {found}."
    assert str(parcel.value) == str(kept.value), (
        f"The caller's parcel is worth {parcel.value}, and the database keeps "
        f"{kept.value}. `change_parcel` reads the parcel again, as the cell came."
    )
    assert rows(NUMBERS, 7) == [1, 2, 3]


async def lighten(session: "AsyncSession", number: int, seen: int, by: object) -> None:
    """Let `change_parcel` make a parcel weigh 900 g."""
    from waybill.schemas import ParcelUpdate
    from waybill.store import change_parcel
    from waybill.tables import Parcel

    parcel = await session.get_one(Parcel, number)
    await change_parcel(session, parcel, ParcelUpdate(weight_g=900), by, seen)


@pytest.mark.parametrize("crash", [True, False])
async def test_parcel_and_change_are_kept_together(
    accounts: dict[str, Any], sessions: "Sessions", rows: Rows, crash: bool
) -> None:
    """Parcel and change are kept together or not at all: nothing is committed early."""
    from waybill.store import claim
    from waybill.tables import Parcel

    was = rows(STATE, 8)
    async with sessions() as session:
        if crash:
            await claim(session, await session.get_one(Parcel, 8), accounts[LENA], 0)
        else:
            await lighten(session, 8, 0, accounts[LENA])
        seen = rows(NUMBERS, 8)
        await session.rollback()
    what = "`claim`" if crash else "`change_parcel`"
    assert not seen, (
        f"{what} has returned, nobody has committed, and another connection sees the "
        "change already. If the next step fails, a version remains that changed "
        "nothing. Leave the commit to whoever opened the session."
    )
    assert (rows(STATE, 8), rows(NUMBERS, 8)) == (was, [])


async def test_a_parcel_on_its_way_is_refused(
    accounts: dict[str, Any],
    sessions: "Sessions",
    keep: Callable[..., Awaitable[None]],
    scan: Callable[..., Any],
    rows: Rows,
) -> None:
    """A parcel that was scanned is refused, and stays as it was."""
    from waybill.store import OnItsWayError

    await keep(scan(7))
    was = rows(STATE, 7)
    try:
        async with sessions.begin() as session:
            await lighten(session, 7, 2, accounts[LENA])
    except OnItsWayError:
        pass
    else:
        raise AssertionError("A courier has scanned parcel 7, and it was changed.")
    assert (rows(STATE, 7), rows(NUMBERS, 7)) == (was, [1, 2])


async def test_a_scan_at_the_same_moment_waits(
    accounts: dict[str, Any], sessions: "Sessions", engine: "AsyncEngine"
) -> None:
    """On PostgreSQL a scan at the same moment waits: the parcel's row is locked."""
    sent: list[str] = []

    @event.listens_for(engine.sync_engine, "before_execute")
    def note(_connection: object, statement: Any, *_: object) -> None:  # noqa: ANN401
        sent.append(str(statement.compile(dialect=postgresql.dialect())))

    async with sessions() as session:
        await lighten(session, 7, 2, accounts[LENA])
    places = [number for number, sql in enumerate(sent) if "FROM scans" in sql]
    locks = [number for number, sql in enumerate(sent) if "UPDATE" in sql.split()[-3:]]
    assert places, "`change_parcel` looked for no scan."
    assert any(lock < min(places) for lock in locks), (
        "`change_parcel` looked for scans, and had not locked the parcel's row before: "
        "on PostgreSQL a scan a moment later would be missed. Leave `refuse_scanned` "
        "as the cell came."
    )
